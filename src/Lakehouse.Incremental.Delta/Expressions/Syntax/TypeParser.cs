using System.Globalization;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>Parses the name of a type.</summary>
internal static class TypeParser
{
    private const int DefaultPrecision = 10;
    private const int MaxPrecision = 38;

    public static DataType Parse(TokenReader tokens)
    {
        Token token = tokens.Take();
        if (token.Kind != TokenKind.Word)
        {
            throw tokens.Invalid("a type must have a name");
        }

        return token.Text.ToLowerInvariant() switch
        {
            "boolean" => PrimitiveType.Boolean,
            "tinyint" or "byte" => PrimitiveType.Byte,
            "smallint" or "short" => PrimitiveType.Short,
            "int" or "integer" => PrimitiveType.Integer,
            "bigint" or "long" => PrimitiveType.Long,
            "float" or "real" => PrimitiveType.Float,
            "double" => PrimitiveType.Double,
            "string" => PrimitiveType.String,
            "binary" => PrimitiveType.Binary,
            "date" => PrimitiveType.Date,
            "timestamp" or "timestamp_ltz" => PrimitiveType.Timestamp,
            "timestamp_ntz" => PrimitiveType.TimestampNtz,
            "decimal" or "dec" or "numeric" => Decimal(tokens),
            _ => throw ExpressionErrors.Unsupported($"the type '{token.Text}'"),
        };
    }

    private static DecimalType Decimal(TokenReader tokens)
    {
        if (!tokens.TakeSymbol("("))
        {
            return new DecimalType(DefaultPrecision, 0);
        }

        int precision = Number(tokens);
        int scale = tokens.TakeSymbol(",") ? Number(tokens) : 0;
        tokens.ExpectSymbol(")");
        return precision is >= 1 and <= MaxPrecision && scale <= precision
            ? new DecimalType(precision, scale)
            : throw tokens.Invalid(string.Create(CultureInfo.InvariantCulture, $"there is no type decimal({precision},{scale})"));
    }

    private static int Number(TokenReader tokens)
    {
        Token token = tokens.Take();
        return token.Kind == TokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw tokens.Invalid("precision and scale are whole numbers");
    }
}

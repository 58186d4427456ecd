using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions on bytes: lengths, digests, and bytes as text.</summary>
[SuppressMessage("Security", "CA5350", Justification = "The expression asks for this digest; nothing here relies on it.")]
[SuppressMessage("Security", "CA5351", Justification = "The expression asks for this digest; nothing here relies on it.")]
internal static class BytesFunctions
{
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly DataType Text = PrimitiveType.String;
    private static readonly DataType Bytes = PrimitiveType.Binary;

    public static void AddTo(FunctionTable table)
    {
        table.Add("length", 1, static arguments => Length(arguments[0]));
        table.Alias("len", "length");
        table.Add<byte[], int>("octet_length", Bytes, PrimitiveType.Integer, static bytes => bytes.Length);
        table.Add<byte[], string>("md5", Bytes, Text, static bytes => Convert.ToHexStringLower(MD5.HashData(bytes)));
        table.Add<byte[], string>("sha1", Bytes, Text, static bytes => Convert.ToHexStringLower(SHA1.HashData(bytes)));
        table.Alias("sha", "sha1");
        table.Add<byte[], int, string>("sha2", Bytes, PrimitiveType.Integer, Text, static (bytes, bits) => bits switch
        {
            0 or 256 => Convert.ToHexStringLower(SHA256.HashData(bytes)),
            384 => Convert.ToHexStringLower(SHA384.HashData(bytes)),
            512 => Convert.ToHexStringLower(SHA512.HashData(bytes)),
            224 => throw ExpressionErrors.Unsupported("sha2 of 224 bits"),
            _ => Maybe<string>.Null,
        });
        table.Add("hex", 1, static arguments => Hex(arguments[0]));
        table.Add<string, byte[]>("unhex", Text, Bytes, static text => Unhex(text));
        table.Add<byte[], string>("base64", Bytes, Text, static bytes => Convert.ToBase64String(bytes));
        table.Add<string, byte[]>("unbase64", Text, Bytes, static text => Unbase64(text));
    }

    private static BoundNode Length(BoundNode argument)
    {
        if (argument.Type == Bytes)
        {
            return FunctionCatalog.Bind("octet_length", [argument]);
        }

        return FunctionCatalog.Bind("char_length", [argument]);
    }

    private static BoundCall Hex(BoundNode argument)
    {
        if (SqlTypes.IsNumeric(argument.Type))
        {
            BoundNode number = Coercion.Cast(argument, PrimitiveType.Long);
            return new BoundCall(Text, [number], static (values, scope) => RowsKernel.Map<long, string>(
                SqlTypes.Arrow(Text), values[0], scope, static value => value.ToString("X", CultureInfo.InvariantCulture)));
        }

        BoundNode bytes = Coercion.Implicit(argument, Bytes, "hex");
        return new BoundCall(Text, [bytes], static (values, scope) => RowsKernel.Map<byte[], string>(
            SqlTypes.Arrow(Text), values[0], scope, static value => Convert.ToHexString(value)));
    }

    private static Maybe<byte[]> Unhex(string text)
    {
        string even = text.Length % 2 == 0 ? text : "0" + text;
        return even.AsSpan().ContainsAnyExcept(HexDigits) ? Maybe<byte[]>.Null : Convert.FromHexString(even);
    }

    private static Maybe<byte[]> Unbase64(string text)
    {
        byte[] buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out int written) ? buffer[..written] : Maybe<byte[]>.Null;
    }
}

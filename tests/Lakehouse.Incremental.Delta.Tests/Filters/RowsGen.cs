using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

/// <summary>Rows over all kinds of columns and conditions on them, with the plain meaning of each condition beside it.</summary>
internal static class RowsGen
{
    /// <summary>A condition and what it says of a row: true, false or unknown. A row is an index into the values of each kind, or null.</summary>
    public sealed record Condition(Filter Filter, Func<int?[], bool?> Meaning, string Text);

    /// <summary>Rows of few distinct values, so that files have narrow bounds, only nulls, or none.</summary>
    public static readonly Gen<int?[][]> Rows = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 100_000], Gen.Int[1, 3]).Select(static (count, seed, spread) =>
    {
        Random random = new(seed);
        int?[][] rows = [.. Enumerable.Range(0, count).Select(static _ => new int?[ColumnKind.All.Length])];
        for (int kind = 0; kind < ColumnKind.All.Length; kind++)
        {
            int[] pool = [.. Enumerable.Range(0, spread).Select(_ => random.Next(ColumnKind.All[kind].Values.Length))];
            int nulls = random.Next(4);
            foreach (int?[] row in rows)
            {
                row[kind] = random.Next(4) < nulls ? null : pool[random.Next(pool.Length)];
            }
        }

        return rows;
    });

    private static readonly Gen<Condition> s_leaf = Gen.OneOf(
        Gen.Select(Gen.Int[0, ColumnKind.All.Length - 1], Gen.Int[0, 5], Gen.Int[-1, 50], Compare),
        Gen.Select(Gen.Int[0, ColumnKind.All.Length - 1], Gen.Int[-1, 50].Array[1, 4], In),
        Gen.Select(Gen.Int[0, ColumnKind.All.Length - 1], Gen.Bool, Null));

    public static readonly Gen<Condition> Conditions = Gen.Recursive<Condition>((depth, inner) => depth > 3
        ? s_leaf
        : Gen.OneOf(
            s_leaf,
            inner.Select(static c => new Condition(!c.Filter, row => !c.Meaning(row), $"!({c.Text})")),
            Gen.Select(inner, inner).Select(static (a, b) => new Condition(a.Filter & b.Filter, row => a.Meaning(row) & b.Meaning(row), $"({a.Text} & {b.Text})")),
            Gen.Select(inner, inner).Select(static (a, b) => new Condition(a.Filter | b.Filter, row => a.Meaning(row) | b.Meaning(row), $"({a.Text} | {b.Text})"))));

    public static readonly Schema Schema = new(ColumnKind.All.Select(static kind => new Field(kind.Name, kind.Type, true)).ToList(), null);

    public static RecordBatch Batch(int?[][] rows) =>
        new(Schema, ColumnKind.All.Select((kind, k) => kind.Column([.. rows.Select(row => row[k])])), rows.Length);

    private static Condition Compare(int kind, int comparison, int literal)
    {
        ColumnKind column = ColumnKind.All[kind];
        int? index = literal < 0 ? null : literal % column.Values.Length;
        object? value = index is { } i ? column.Values[i].Literal : null;
        FilterColumn named = Filter.Column(column.Name);
        (Filter filter, Func<int, bool> holds) = comparison switch
        {
            0 => (named.EqualTo(value), (Func<int, bool>)(static order => order == 0)),
            1 => (named.NotEqualTo(value), static order => order != 0),
            2 => (named.LessThan(value), static order => order < 0),
            3 => (named.LessThanOrEqualTo(value), static order => order <= 0),
            4 => (named.GreaterThan(value), static order => order > 0),
            _ => (named.GreaterThanOrEqualTo(value), static order => order >= 0),
        };
        return new Condition(filter, row => Equal(column, row[kind], index, holds), $"{column.Name} op{comparison} {index}");
    }

    private static Condition In(int kind, int[] literals)
    {
        ColumnKind column = ColumnKind.All[kind];
        int?[] indices = [.. literals.Select(literal => literal < 0 ? (int?)null : literal % column.Values.Length)];
        object?[] values = [.. indices.Select(index => index is { } i ? column.Values[i].Literal : null)];
        return new Condition(
            Filter.Column(column.Name).In(values),
            row => indices.Select(index => Equal(column, row[kind], index, static order => order == 0)).Aggregate((bool?)false, static (a, b) => a | b),
            $"{column.Name} in {string.Join(',', indices)}");
    }

    private static Condition Null(int kind, bool isNull)
    {
        FilterColumn column = Filter.Column(ColumnKind.All[kind].Name);
        return new Condition(isNull ? column.IsNull() : column.IsNotNull(), row => row[kind] is null == isNull, $"{ColumnKind.All[kind].Name} null {isNull}");
    }

    private static bool? Equal(ColumnKind column, int? left, int? right, Func<int, bool> holds) =>
        left is { } a && right is { } b ? holds(column.Order(column.Values[a].Stored, column.Values[b].Stored)) : null;
}

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>The way to a column or nested field: names with dots between, in back quotes where a name itself holds a dot.</summary>
internal static class ColumnPath
{
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: an empty name, or a back quote without its counterpart.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        List<string> names = [];
        for (int at = 0; at <= text.Length;)
        {
            int end;
            string name;
            if (at < text.Length && text[at] == '`')
            {
                end = at + 1;
                while (end < text.Length && (text[end] != '`' || (end + 1 < text.Length && text[end + 1] == '`')))
                {
                    end += text[end] == '`' ? 2 : 1;
                }

                name = end < text.Length ? text[(at + 1)..end].Replace("``", "`", StringComparison.Ordinal) : "";
                end++;
            }
            else
            {
                end = text.IndexOf('.', at) is >= 0 and int dot ? dot : text.Length;
                name = text[at..end];
            }

            if (name.Length == 0 || (end < text.Length && text[end] != '.'))
            {
                throw new LakehouseException(ErrorCodes.InvalidConfiguration, $"'{text}' is no path of a column.");
            }

            names.Add(name);
            at = end + 1;
        }

        return names;
    }
}

using System.Text;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>Rewrites the scalars within a DuckDB type such as <c>STRUCT(a DECIMAL(10,2), b FLOAT[])</c>, for a cast.</summary>
internal sealed class DuckDbTypes
{
    private readonly string _type;
    private readonly Func<string, string> _scalar;
    private readonly StringBuilder _result = new();
    private int _at;

    private DuckDbTypes(string type, Func<string, string> scalar)
    {
        _type = type;
        _scalar = scalar;
    }

    public static string Rewrite(string type, Func<string, string> scalar)
    {
        DuckDbTypes types = new(type, scalar);
        types.Type();
        return types._at == type.Length ? types._result.ToString() : throw new InvalidDataException($"The DuckDB type '{type}' is not understood.");
    }

    private void Type()
    {
        if (Take("STRUCT("))
        {
            _result.Append("STRUCT(");
            Members(named: true);
        }
        else if (Take("MAP("))
        {
            _result.Append("MAP(");
            Members(named: false);
        }
        else
        {
            _result.Append(_scalar(Scalar()));
        }

        while (Take("[]"))
        {
            _result.Append("[]");
        }
    }

    private void Members(bool named)
    {
        do
        {
            if (named)
            {
                _result.Append(Name()).Append(' ');
            }

            Type();
        }
        while (Separator());
    }

    private bool Separator()
    {
        if (Take(", "))
        {
            _result.Append(", ");
            return true;
        }

        _at++;
        _result.Append(')');
        return false;
    }

    private string Name()
    {
        int start = _at;
        if (_type[_at] == '"')
        {
            do
            {
                _at = _type.IndexOf('"', _at + 1) + 1;
            }
            while (_at < _type.Length && _type[_at] == '"');
        }
        else
        {
            _at = _type.IndexOf(' ', _at);
        }

        return _type[start.._at++];
    }

    private string Scalar()
    {
        int start = _at;
        for (int depth = 0; _at < _type.Length && (depth > 0 || _type[_at] is not (',' or ')' or '[')); _at++)
        {
            depth += _type[_at] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return _type[start.._at];
    }

    private bool Take(string text)
    {
        bool found = string.CompareOrdinal(_type, _at, text, 0, text.Length) == 0;
        _at += found ? text.Length : 0;
        return found;
    }
}

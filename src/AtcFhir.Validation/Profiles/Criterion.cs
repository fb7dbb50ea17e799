using AtcFhir.R4.Definitions;

namespace AtcFhir.Validation.Profiles;

/// <summary>What a discriminator demands of a member of a slice.</summary>
internal enum CriterionKind
{
    /// <summary>Fixed: one of the values, exactly.</summary>
    Value,
    /// <summary>Pattern: at least one of the values.</summary>
    Pattern,
    /// <summary>In a value set (required binding).</summary>
    ValueSet,
    Exists,
    NotExists,
    Type,
    Profile,
}

/// <summary>One discriminator of a slicing, for one slice.</summary>
internal sealed class Criterion
{
    public required CriterionKind Kind { get; init; }

    public required DiscriminatorPath Path { get; init; }

    /// <summary>Alternatives.</summary>
    public Constant[] Constants { get; init; } = [];

    /// <summary>Canonical of a value set, or alternatives of profiles.</summary>
    public string[] Canonicals { get; init; } = [];

    public TypeSchema[] Types { get; init; } = [];

    /// <summary>"needs code http://loinc.org|8480-6", for messages.</summary>
    public string Demand => Kind switch
    {
        CriterionKind.Value => $"needs {Path} = {string.Join(" or ", Constants.Select(c => c.ToString()).Distinct())}",
        CriterionKind.Pattern => $"needs {Path} with {string.Join(" or ", Constants.Select(c => c.ToString()).Distinct())}",
        CriterionKind.ValueSet => $"needs {Path} from {string.Join(" or ", Canonicals)}",
        CriterionKind.Exists => $"needs {Path}",
        CriterionKind.NotExists => $"must not have {Path}",
        CriterionKind.Type => $"needs {Path} of type {string.Join(" or ", Types.Select(t => t.Name))}",
        _ => $"needs {Path} that conforms to {string.Join(" or ", Canonicals)}",
    };
}

/// <summary>A step of a discriminator path.</summary>
internal enum StepKind
{
    Child,
    Extension,
    Resolve,
    OfType,
}

internal sealed record DiscriminatorStep(StepKind Kind, string Argument)
{
    public byte[] Utf8 { get; } = System.Text.Encoding.UTF8.GetBytes(Argument);
}

/// <summary>
/// A discriminator path: names, <c>$this</c>, <c>extension('url')</c>, <c>resolve()</c>, <c>ofType(T)</c>.
/// <see href="https://hl7.org/fhir/R4/profiling.html#discriminator"/>
/// </summary>
internal sealed record DiscriminatorPath(string Text, DiscriminatorStep[] Steps)
{
    public override string ToString() => Text == "$this" ? "a value" : Text;

    /// <summary>Null when the path is none of R4.</summary>
    public static DiscriminatorPath? Parse(string text)
    {
        var steps = new List<DiscriminatorStep>();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && text[end] is not ('.' or '('))
            {
                end++;
            }

            var name = text[at..end];
            if (end < text.Length && text[end] == '(')
            {
                var quoted = end + 1 < text.Length && text[end + 1] is '\'' or '"';
                var close = quoted ? text.IndexOf(text[end + 1], end + 2) : text.IndexOf(')', end);
                if (close < 0)
                {
                    return null;
                }

                var argument = quoted ? text[(end + 2)..close] : text[(end + 1)..close];
                end = text.IndexOf(')', close) + 1;
                if (end == 0)
                {
                    return null;
                }

                switch (name)
                {
                    case "extension":
                        steps.Add(new DiscriminatorStep(StepKind.Extension, argument));
                        break;
                    case "resolve":
                        steps.Add(new DiscriminatorStep(StepKind.Resolve, ""));
                        break;
                    case "ofType" or "as":
                        steps.Add(new DiscriminatorStep(StepKind.OfType, argument.Trim()));
                        break;
                    default:
                        return null;
                }
            }
            else if (name != "$this")
            {
                // Seen in the wild: value[x] for value.
                steps.Add(new DiscriminatorStep(StepKind.Child, name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name));
            }

            at = end;
        }

        return new DiscriminatorPath(text.Length == 0 ? "$this" : text, [.. steps]);
    }
}

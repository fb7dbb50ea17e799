using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>conformsTo(profile). Without the context's help the types of R4 themselves are known: a node conforms to its type and to what that specialises.</summary>
internal sealed class ConformsToOperation(int position, Operation input, Operation profile) : BooleanOperation(position)
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";

    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var item = input.Single(run, scope);
        var url = profile.Single(run, scope).Text;
        if (!item.Exists || url is null)
        {
            return null;
        }

        if (!item.IsNode)
        {
            return false;
        }

        run.Step();
        if (run.Context.ConformsTo?.Invoke(url, item.Node) is { } answer)
        {
            return answer;
        }

        return url.StartsWith(Core, StringComparison.Ordinal) && R4Definitions.Find(url[Core.Length..]) is { } type
            ? item.Node.Type.Is(type)
            : throw run.Fault(Position, "the profile of conformsTo() is not known here.", IssueCode.NotSupported);
    }
}

/// <summary>memberOf(valueSet) on a code, Coding or CodeableConcept; empty when it cannot be told.</summary>
internal sealed class MemberOfOperation(int position, Operation input, Operation valueSet) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var item = input.Single(run, scope);
        var url = valueSet.Single(run, scope).Text;
        if (!item.Exists || url is null)
        {
            return null;
        }

        run.Step();
        return run.Context.MemberOf is { } memberOf
            ? memberOf(url, item)
            : throw run.Fault(Position, "memberOf() needs terminology, which this evaluation has not been given.", IssueCode.NotSupported);
    }
}

/// <summary>subsumes(code) and subsumedBy(code) on Codings and CodeableConcepts; empty when it cannot be told.</summary>
internal sealed class SubsumesOperation(int position, Operation input, Operation other, string name, bool inverse) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var left = input.Single(run, scope);
        var right = other.Single(run, scope);
        if (!left.Exists || !right.Exists)
        {
            return null;
        }

        var (above, below) = inverse ? (right, left) : (left, right);
        bool? result = false;
        foreach (var upper in Codes(above))
        {
            foreach (var lower in Codes(below))
            {
                run.Step();
                var answer = upper == lower ? true
                    : upper.System != lower.System ? false
                    : run.Context.Subsumes is { } subsumes ? subsumes(upper, lower)
                    : throw run.Fault(Position, $"{name}() needs terminology, which this evaluation has not been given.", IssueCode.NotSupported);
                if (answer == true)
                {
                    return true;
                }

                result = answer is null ? null : result;
            }
        }

        return result;
    }

    private static List<(string System, string Code)> Codes(FhirPathItem item)
    {
        var codes = new List<(string, string)>();
        if (item.Node is { Exists: true, Type.Name: "Coding" } coding)
        {
            codes.Add((coding.Child("system").Text ?? "", coding.Child("code").Text ?? ""));
        }
        else if (item.Node is { Exists: true, Type.Name: "CodeableConcept" } concept)
        {
            foreach (var part in concept.ChildrenOf("coding"))
            {
                codes.Add((part.Child("system").Text ?? "", part.Child("code").Text ?? ""));
            }
        }
        else if (item.Text is { } code)
        {
            codes.Add(("", code));
        }

        return codes;
    }
}

using AtcFhir.R4.Documents;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Codes that cannot be told here, looked up among the answers of a terminology server; what has none is left as an open question. Nobody is asked from here:
/// see <see cref="RemoteValidation"/>.
/// </summary>
internal sealed class RemoteCodes(CodeAnswers answers)
{
    /// <summary>Is a code of the node in the value set? Of a CodeableConcept one is enough.</summary>
    /// <param name="why">Why it cannot be told.</param>
    public Membership Contains(string valueSet, CompiledValueSet? known, Node node, out string? why)
    {
        why = null;
        var (verdict, asked) = (Membership.NotIn, false);
        foreach (var coding in CodingsOf(node))
        {
            if (coding.Child("system").Text is not { Length: > 0 } system || coding.Child("code").Text is not { Length: > 0 } code)
            {
                continue;
            }

            var version = coding.Child("version").Text;
            if (known?.Contains(system, version, code) == Membership.NotIn)
            {
                asked = true;
                continue;
            }

            asked = true;
            var answer = answers.Find(new CodeQuestion(valueSet, system, version, code));
            switch (answer?.Holds)
            {
                case true:
                    return Membership.In;
                case null:
                    verdict = Membership.NotChecked;
                    why ??= answer?.Why;
                    break;
            }
        }

        return asked ? verdict : Membership.NotChecked;
    }

    /// <summary>Is the code one of a system that is not known here? Null when it cannot be told.</summary>
    /// <param name="why">Why not; null when it has not been asked.</param>
    public bool? Knows(string system, string? version, string code, out string? why)
    {
        var answer = answers.Find(new CodeQuestion(null, system, version, code));
        why = answer?.Why;
        return answer?.Holds;
    }

    private static List<Node> CodingsOf(Node node) => node.Type.Name == "CodeableConcept" ? node.ChildrenOf("coding").ToList() : node.IsPrimitive ? [] : [node];
}

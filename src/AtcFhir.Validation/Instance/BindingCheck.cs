using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Profiles;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Codes against value sets and code systems. What cannot be checked is said so, as information; it is never an error.
/// <see href="https://hl7.org/fhir/R4/terminologies.html"/>
/// </summary>
internal sealed class BindingCheck(Run run)
{
    private TerminologyService Terminology => run.Terminology;

    /// <summary>A binding of a profile; those of the base go through <see cref="Check(Node, BindingModel, FindingDetail)"/> as well.</summary>
    public void Check(Node node, BindingModel binding, CompiledProfile profile, string elementId)
    {
        if (!Covers(node, binding))
        {
            CheckAnew(node, binding, new FindingDetail($"{profile.Structure.Canonical} {elementId}", profile));
        }
    }

    public void Check(Node node, BindingModel binding, FindingDetail diagnostics)
    {
        if (!Covers(node, binding))
        {
            CheckAnew(node, binding, diagnostics);
        }
    }

    private bool Covers(Node node, BindingModel binding) => binding.MaxValueSet is null && KnownBindings.Covers(Terminology, node, binding);

    private void CheckAnew(Node node, BindingModel binding, FindingDetail diagnostics)
    {
        if (binding.MaxValueSet is { } max && Answer(node, max, diagnostics) == Membership.NotIn)
        {
            run.Findings.Add(Rules.MaxValueSet, node, $"{Codes(node)} is not in the maximum value set {max}.", diagnostics);
            return;
        }

        if (binding.Strength > BindingStrength.Extensible || binding.ValueSet is not { } valueSet)
        {
            return;
        }

        var answer = Answer(node, valueSet, diagnostics);
        if (answer == Membership.NotChecked)
        {
            return;
        }

        var set = Terminology.ValueSet(valueSet);
        if (answer == Membership.In)
        {
            Learn(node, binding, set);
            return;
        }

        var (name, some) = set is null ? (valueSet, "") : (Name(set), Some(set));

        if (binding.Strength == BindingStrength.Required)
        {
            if (HasCode(node))
            {
                run.Findings.Add(Rules.RequiredBinding, node, $"{Codes(node)} is not in the value set {name}, from which a code is required.{some}", diagnostics);
            }
            else
            {
                run.Findings.Add(Rules.NoCoding, node, $"There is no code here; one from the value set {name} is required.{some}", diagnostics);
            }
        }
        else if (HasCode(node) && (set is null || MentionsSystem(node, set)))
        {
            run.Findings.Add(
                Rules.ExtensibleBinding,
                node,
                $"{Codes(node)} is not in the value set {name}; a code from it is expected unless none fits.{some}",
                diagnostics);
        }
        else
        {
            Learn(node, binding, set);
        }
    }

    private void Learn(Node node, BindingModel binding, CompiledValueSet? set)
    {
        if (set is not null)
        {
            KnownBindings.Learn(Terminology, node, binding, set);
        }
    }

    private Membership Answer(Node node, string valueSet, FindingDetail diagnostics)
    {
        var answer = Contains(valueSet, node, out var why);
        if (answer != Membership.NotChecked)
        {
            return answer;
        }

        var set = Terminology.ValueSet(valueSet);
        var reason = why is not null ? why + "."
            : set is null ? $"the value set {valueSet} is not known here."
            : set.Problem is { } problem ? problem + "."
            : "not all that it is made of is known here.";
        run.Findings.Add(
            Rules.CodeNotChecked, node, set is null ? $"The code was not checked: {reason}" : $"{Codes(node)} was not checked against the value set {Name(set)}: {reason}", diagnostics);
        return Membership.NotChecked;
    }

    /// <summary>By what is known here, and, where that does not do, by the answers of a terminology server.</summary>
    /// <param name="why">Of NotChecked: why the server could not tell either; null when none was asked.</param>
    public Membership Contains(string valueSet, Node node, out string? why)
    {
        why = null;
        var set = Terminology.ValueSet(valueSet);
        var answer = set is null ? Membership.NotChecked : Contains(set, node);
        return answer == Membership.NotChecked && run.Remote is { } remote ? remote.Contains(valueSet, set, node, out why) : answer;
    }

    /// <summary>Of a CodeableConcept one coding in the set is enough.</summary>
    public static Membership Contains(CompiledValueSet set, Node node)
    {
        switch (node.Type.Name)
        {
            case "CodeableConcept":
                var answer = Membership.NotIn;
                foreach (var coding in node.ChildrenOf("coding"))
                {
                    switch (ContainsCoding(set, coding))
                    {
                        case Membership.In:
                            return Membership.In;
                        case Membership.NotChecked:
                            answer = Membership.NotChecked;
                            break;
                    }
                }

                return answer;
            case "Coding":
                return ContainsCoding(set, node);
            case "Money":
                return node.Child("currency").Text is { } currency ? set.Contains(default, default, currency) : Membership.In;
            default:
                if (node.IsPrimitive)
                {
                    // Without a value extensions say why, which other rules judge.
                    Span<char> buffer = stackalloc char[NodeText.Usual];
                    return node.HasValue ? set.Contains(default, default, node.Chars(buffer)) : Membership.In;
                }

                return node.Child("code") is { HasValue: true } ? ContainsCoding(set, node) : node.Type.Find("code") is null ? Membership.NotChecked : Membership.NotIn;
        }
    }

    internal static Membership ContainsCoding(CompiledValueSet set, Node coding)
    {
        Span<char> codeBuffer = stackalloc char[NodeText.Usual];
        Span<char> systemBuffer = stackalloc char[NodeText.Usual];
        var code = coding.Child("code").Chars(codeBuffer);
        var system = coding.Child("system").Chars(systemBuffer);
        return code.IsEmpty || system.IsEmpty ? Membership.NotIn : set.Contains(system, coding.Child("version").Text, code);
    }

    private static bool HasCode(Node node)
    {
        if (node.Type.Name != "CodeableConcept")
        {
            return node.IsPrimitive ? node.HasValue : node.Child("code").HasValue || node.Child("currency").HasValue;
        }

        foreach (var coding in node.ChildrenOf("coding"))
        {
            if (coding.Child("code").HasValue)
            {
                return true;
            }
        }

        return false;
    }

    private static bool MentionsSystem(Node node, CompiledValueSet set)
    {
        if (node.IsPrimitive)
        {
            return true;
        }

        if (node.Type.Name != "CodeableConcept")
        {
            return node.Child("system").Text is not { } only || set.MentionsSystem(only);
        }

        foreach (var coding in node.ChildrenOf("coding"))
        {
            if (coding.Child("system").Text is { } system && set.MentionsSystem(system))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A Coding (or the code of a Quantity) on its own: is the code one of its system, is the display one of its words.</summary>
    public void CheckCoding(Node coding)
    {
        Span<byte> buffer = stackalloc byte[Utf8Memo<string?>.LongestKey];
        var key = CodingKey.Of(coding, buffer);
        var isMemorable = !key.IsEmpty && run.Remote is null;
        if ((!isMemorable || !Terminology.Codings.TryGet(null, key, out var unknown)) && CheckCodingAnew(coding, out unknown) && isMemorable)
        {
            Terminology.Codings.Add(null, key, unknown);
        }

        NoteUnknown(coding, unknown);
    }

    /// <summary>Codes of a system that is not known are neither right nor wrong; that is said once of each system, where it comes first.</summary>
    private void NoteUnknown(Node coding, string? system, string why = "not all of this code system is known here")
    {
        if (system is not null && run.SaysFirst(system))
        {
            run.Findings.Add(Rules.CodeNotChecked, coding, $"The codes of {system} were not checked: {why}.");
        }
    }

    private void CheckRemote(RemoteCodes remote, Node coding, string system, string? version, string code)
    {
        switch (remote.Knows(system, version, code, out var why))
        {
            case false:
                run.Findings.Add(Rules.UnknownCode, coding.Child("code"), $"The code system {system} has no code '{code}', says the terminology server.");
                break;
            case null:
                NoteUnknown(coding, system, why ?? "the terminology server was not asked");
                break;
        }
    }

    /// <summary>True when nothing is to be said, whatever stands around, or only that the system is not known.</summary>
    /// <param name="unknown">The system whose codes cannot be told here; null when this one could be.</param>
    private bool CheckCodingAnew(Node coding, out string? unknown)
    {
        unknown = null;
        Span<char> systemBuffer = stackalloc char[NodeText.Usual];
        Span<char> codeBuffer = stackalloc char[NodeText.Usual];
        var system = coding.Child("system").Chars(systemBuffer);
        if (system.IsEmpty)
        {
            return true;
        }

        if (system.Contains("/ValueSet/", StringComparison.Ordinal) && run.Validator.Source.ValueSet(system.ToString()) is not null)
        {
            run.Findings.Add(Rules.SystemIsValueSet, coding, $"{system} is a value set; the system of a Coding is a code system.");
            return false;
        }

        if (!ReferenceIndex.IsAbsolute(system))
        {
            run.Findings.Add(Rules.CodingSystem, coding.Child("system"), "The system of a Coding is an absolute URI.");
            return false;
        }

        var code = coding.Child("code").Chars(codeBuffer);
        if (code.IsEmpty)
        {
            return true;
        }

        if (Terminology.IsSupplement(system))
        {
            run.Findings.Add(Rules.CodingSystem, coding.Child("system"), $"{system} supplements another code system; the codes are those of the other one.");
            return false;
        }

        var version = coding.Child("version").Text;
        switch (Terminology.Knows(system, version, code))
        {
            case CodeKnowledge.Invalid:
                // A unit that UCUM does not have is often meant for people only; where units are bound, the binding is an error.
                run.Findings.Add(
                    Rules.UnknownCode,
                    coding.Child("code"),
                    $"The code system {system} has no code '{code}'.",
                    severity: SystemByRule.Has(system) ? R4.Outcomes.IssueSeverity.Warning : null);
                return false;
            case CodeKnowledge.NotInOldVersion:
                run.Findings.Add(
                    Rules.UnknownCode,
                    coding.Child("code"),
                    $"The version of {system} that came with R4 has no code '{code}'; only a newer version could.",
                    severity: R4.Outcomes.IssueSeverity.Warning);
                return false;
            case CodeKnowledge.SystemNotKnown when run.Remote is { } remote && !SystemByRule.Has(system):
                CheckRemote(remote, coding, system.ToString(), version, code.ToString());
                return false;
            case CodeKnowledge.SystemNotKnown:
                unknown = system.ToString();
                return true;
            case CodeKnowledge.OlderVersionOnly:
                run.Findings.Add(Rules.OlderCode, coding, $"Only an older version of the code system {system} has the code '{code}'.");
                return false;
            case CodeKnowledge.Valid:
                return CheckDisplay(coding, system, version, code);
            default:
                return true;
        }
    }

    private bool CheckDisplay(Node coding, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        if (coding.Child("display") is not { HasValue: true } shown || SystemByRule.Has(system) || Terminology.Concept(system, version, code) is not { Display: { } word } concept)
        {
            return true;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var display = shown.Chars(buffer).Trim();
        if (display.Equals(word.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var other in concept.Designations)
        {
            if (display.Equals(other.Value.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        run.Findings.Add(Rules.Display, shown, $"The display of {system}|{code} is not one that its code system has; expected '{word}'.");
        return false;
    }

    private static string Codes(Node node)
    {
        var codes = node.Type.Name == "CodeableConcept"
            ? string.Join(", ", node.ChildrenOf("coding").ToList().Select(Code))
            : node.IsPrimitive ? node.Text : node.Type.Name == "Money" ? node.Child("currency").Text : Code(node);
        return string.IsNullOrEmpty(codes) ? "This" : codes.Length > 300 ? string.Concat(codes.AsSpan(0, 297), "...") : $"'{codes}'";

        static string Code(Node coding) => coding.Child("system").Text is { } system ? system + "|" + coding.Child("code").Text : coding.Child("code").Text ?? "";
    }

    private static string Name(CompiledValueSet set) => set.Url.Length == 0 ? set.Name : set.Url;

    private static string Some(CompiledValueSet set)
    {
        var some = set.SomeCodes(9);
        return some.Count is 0 or 9 ? "" : $" Expected one of: {string.Join(", ", some)}.";
    }
}

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
    private readonly CodingKeys keys = new();

    private TerminologyService Terminology => run.Terminology;

    /// <summary>Lets go of the document.</summary>
    public void End() => keys.Forget();

    public void Check(Node node, BindingModel binding, FindingDetail diagnostics)
    {
        if (!IsKnown(node, binding, diagnostics))
        {
            CheckAnew(node, binding, diagnostics);
        }
    }

    /// <summary>True when it is remembered what is to be said of the node, and has been said.</summary>
    private bool IsKnown(Node node, BindingModel binding, FindingDetail diagnostics)
    {
        if (binding.MaxValueSet is not null)
        {
            return false;
        }

        if (KnownBindings.Covers(Terminology, node, binding, keys))
        {
            return true;
        }

        if (run.Remote is null && KnownBindings.OnlyCode(Terminology, node, keys)?.Of(binding)?.Fault is { } fault)
        {
            run.Findings.Add(fault.Rule, node, fault.Text, diagnostics);
            return true;
        }

        return false;
    }

    private void CheckAnew(Node node, BindingModel binding, FindingDetail diagnostics)
    {
        // eld-11: a binding is about codes, strings and URIs. That of a choice says nothing of its other types.
        if (node.IsPrimitive && node.Type.Primitive is < PrimitiveKind.String or > PrimitiveKind.Uuid)
        {
            return;
        }

        if (binding.MaxValueSet is { } max && Contains(max, node, out var whyMax) is var inMax and not Membership.In)
        {
            if (inMax == Membership.NotIn)
            {
                run.Findings.Add(Rules.MaxValueSet, node, $"{Codes(node)} is not in the maximum value set {max}.", diagnostics);
                return;
            }

            run.Findings.Add(Rules.CodeNotChecked, node, NotChecked(node, max, whyMax), diagnostics);
        }

        if (binding.Strength > BindingStrength.Extensible || binding.ValueSet is not { } valueSet)
        {
            return;
        }

        if (FaultOf(node, binding, valueSet) is not { } fault)
        {
            // What a terminology server says holds for a while only.
            if (Terminology.ValueSet(valueSet) is { } set && (run.Remote is null || !node.IsPrimitive))
            {
                KnownBindings.Learn(Terminology, node, binding, set, keys);
            }

            return;
        }

        run.Findings.Add(fault.Rule, node, fault.Text, diagnostics);
        if (binding.MaxValueSet is null && run.Remote is null)
        {
            KnownBindings.OnlyCode(Terminology, node, keys)?.Learn(binding, BindingRelation.Faulty, fault);
        }
    }

    private CodeFault? FaultOf(Node node, BindingModel binding, string valueSet)
    {
        var answer = Contains(valueSet, node, out var why);
        if (answer == Membership.NotChecked)
        {
            return new CodeFault(Rules.CodeNotChecked, NotChecked(node, valueSet, why));
        }

        var set = Terminology.ValueSet(valueSet);
        var isRequired = binding.Strength == BindingStrength.Required;
        if (answer == Membership.In || (!isRequired && !(HasCode(node) && (set is null || MentionsSystem(node, set)))))
        {
            return null;
        }

        var (name, few) = set is null ? (valueSet, "") : (Name(set), set.FewCodes);
        return !isRequired ? new CodeFault(Rules.ExtensibleBinding, $"{Codes(node)} is not in the value set {name}; a code from it is expected unless none fits.{few}")
            : HasCode(node) ? new CodeFault(Rules.RequiredBinding, $"{Codes(node)} is not in the value set {name}, from which a code is required.{few}")
            : new CodeFault(Rules.NoCoding, $"There is no code here; one from the value set {name} is required.{few}");
    }

    /// <param name="why">Why a terminology server could not tell either; null when none was asked.</param>
    private string NotChecked(Node node, string valueSet, string? why)
    {
        var set = Terminology.ValueSet(valueSet);
        var reason = why is not null ? why + "."
            : set is null ? $"the value set {valueSet} is not known here{Terminology.OtherVersionsOfValueSet(valueSet)}."
            : set.Problem is { } problem ? problem + "."
            : "not all that it is made of is known here.";
        return set is null ? $"The code was not checked: {reason}" : $"{Codes(node)} was not checked against the value set {Name(set)}: {reason}";
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
                return node.Child("currency").HasValue ? Contains(set, node.Child("currency")) : Membership.In;
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
        if (run.Remote is { } remote)
        {
            Say(coding, FaultOf(coding, remote));
            return;
        }

        var known = keys.Of(Terminology, coding);
        if (known?.IsJudged(out var fault) != true)
        {
            fault = FaultOf(coding, null);
            known?.Judge(fault);
        }

        Say(coding, fault);
    }

    /// <summary>A code whose system stands elsewhere, as in a list of a ValueSet. Its words are those of the list.</summary>
    public void CheckListed(Node system, Node version, Node code)
    {
        if (system.Text is { } canonical && code.Text is { } text && !FoundText.IsBroken(canonical)
            && FaultOf(Terminology.Knows(canonical, version.Text, text), canonical, version.Text, text, run.Remote) is { } fault && (fault.UnknownSystem is not { } unknown || run.SaysFirst(unknown)))
        {
            run.Findings.Add(fault.Rule, code, fault.Text, severity: fault.Severity);
        }
    }

    private void Say(Node coding, CodeFault? fault)
    {
        // Codes of a system that is not known are neither right nor wrong; that is said once of each system, where it comes first.
        if (fault is not null && (fault.UnknownSystem is not { } system || run.SaysFirst(system)))
        {
            run.Findings.Add(fault.Rule, fault.Child is null ? coding : coding.Child(fault.Child), fault.Text, severity: fault.Severity);
        }
    }

    private static CodeFault? FaultOf(RemoteCodes remote, string system, string? version, string code) => remote.Knows(system, version, code, out var why) switch
    {
        false => new CodeFault(Rules.UnknownCode, $"The code system {system} has no code '{code}', says the terminology server.", Child: "code"),
        null => OfUnknown(system, why ?? "the terminology server was not asked"),
        true => null,
    };

    private static CodeFault OfUnknown(string system, string why) => new(Rules.CodeNotChecked, $"The codes of {system} were not checked: {why}.") { UnknownSystem = system };

    /// <summary>What is to be said of it, whatever stands around; null when nothing.</summary>
    private CodeFault? FaultOf(Node coding, RemoteCodes? remote)
    {
        Span<char> systemBuffer = stackalloc char[NodeText.Usual];
        Span<char> codeBuffer = stackalloc char[NodeText.Usual];
        var system = coding.Child("system").Chars(systemBuffer);
        // One that no URI can be is told with the structure; it may be any text, so it is not quoted.
        if (system.IsEmpty || FoundText.IsBroken(system))
        {
            return null;
        }

        if (system.Contains("/ValueSet/", StringComparison.Ordinal) && run.Validator.Source.ValueSet(system.ToString()) is not null)
        {
            return new CodeFault(Rules.SystemIsValueSet, $"{system} is a value set; the system of a Coding is a code system.");
        }

        if (!ReferenceIndex.IsAbsolute(system))
        {
            return new CodeFault(Rules.CodingSystem, "The system of a Coding is an absolute URI.", Child: "system");
        }

        if (system.Contains('|'))
        {
            return new CodeFault(Rules.CodingSystem, "The system of a Coding has no version in it; that is what Coding.version is for.", Child: "system");
        }

        var code = coding.Child("code").Chars(codeBuffer);
        if (code.IsEmpty)
        {
            return null;
        }

        if (Terminology.IsSupplement(system))
        {
            return new CodeFault(Rules.CodingSystem, $"{system} supplements another code system; the codes are those of the other one.", Child: "system");
        }

        var version = coding.Child("version").Text;
        var knowledge = Terminology.Knows(system, version, code);
        return knowledge == CodeKnowledge.Valid ? FaultOfDisplay(coding, system, version, code) : FaultOf(knowledge, system, version, code, remote);
    }

    private CodeFault? FaultOf(CodeKnowledge knowledge, ReadOnlySpan<char> system, string? version, ReadOnlySpan<char> code, RemoteCodes? remote)
    {
        switch (knowledge)
        {
            case CodeKnowledge.Invalid:
                // A unit that UCUM does not have is often meant for people only; where units are bound, the binding is an error.
                return new CodeFault(
                    Rules.UnknownCode, $"The code system {system} has no code '{code}'.", SystemByRule.Has(system) ? R4.Outcomes.IssueSeverity.Warning : null, "code");
            case CodeKnowledge.NotInOldVersion:
                return new CodeFault(
                    Rules.UnknownCode, $"The version of {system} that came with R4 has no code '{code}'; only a newer version could.", R4.Outcomes.IssueSeverity.Warning, "code");
            case CodeKnowledge.SystemNotKnown when remote is not null:
                return FaultOf(remote, system.ToString(), version, code.ToString());
            case CodeKnowledge.SystemNotKnown:
                return version is { Length: > 0 } && Terminology.OtherVersionsOfSystem($"{system}|{version}") is { Length: > 0 } others
                    ? OfUnknown($"{system}|{version}", $"this version of the code system is not known here{others}")
                    : OfUnknown(system.ToString(), "not all of this code system is known here");
            case CodeKnowledge.OlderVersionOnly:
                return new CodeFault(Rules.OlderCode, $"Only an older version of the code system {system} has the code '{code}'.");
            default:
                return null;
        }
    }

    private CodeFault? FaultOfDisplay(Node coding, ReadOnlySpan<char> system, ReadOnlySpan<char> version, ReadOnlySpan<char> code)
    {
        if (coding.Child("display") is not { HasValue: true } shown || SystemByRule.Has(system) || Terminology.Concept(system, version, code) is not { Display: { } word } concept)
        {
            return null;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var display = shown.Chars(buffer).Trim();
        if (display.Equals(word.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        foreach (var other in concept.Designations)
        {
            if (display.Equals(other.Value.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return new CodeFault(Rules.Display, $"The display of {system}|{code} is not one that its code system has; expected '{word}'.", Child: "display");
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
}

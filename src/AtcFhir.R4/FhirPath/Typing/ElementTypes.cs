using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>What a name in a path means for a known type.</summary>
internal static class ElementTypes
{
    /// <summary>The type that a path starts with by name (<c>Patient.name</c>); null when the name is that of an element.</summary>
    public static TypeSchema? StartType(StaticType context, MemberSyntax member)
    {
        if (!char.IsAsciiLetterUpper(member.Name[0]) || R4Definitions.Find(member.Name) is not { } type)
        {
            return null;
        }

        if (context.IsUnknown || context.Fhir.Any(known => known.Is(type) || type.Is(known)))
        {
            return type;
        }

        throw new SyntaxFault($"the path starts at {member.Name}, but it is evaluated on {context}.", member.Position);
    }

    /// <summary>What the children of that name can be; refuses a name that none of the possible types has.</summary>
    public static StaticType Child(StaticType parent, MemberSyntax member)
    {
        if (parent.IsUnknown)
        {
            return StaticType.Unknown;
        }

        if (parent.IsNothing)
        {
            return StaticType.Nothing;
        }

        StaticType? result = null;
        foreach (var type in parent.Fhir)
        {
            if (OfType(type, member.Name) is { } child)
            {
                result = result is null ? child : result.Or(child);
            }
        }

        if (ValueParts.TypeOf(parent.System, member.Name) is { } part)
        {
            result = result is null ? part : result.Or(part);
        }

        return result is null
            ? throw Unknown(parent, member)
            : result with { IsSingle = parent.IsSingle && result.IsSingle, IsUnordered = parent.IsUnordered };
    }

    private static StaticType? OfType(TypeSchema type, string name)
    {
        if (type.Find(name) is { } element)
        {
            return StaticType.Of(element.Types.Select(allowed => allowed.Type)) with { IsSingle = !element.IsList };
        }

        return name == "value" && type.IsPrimitive ? StaticType.Of(Values.NodeValue.KindOf(type)) : null;
    }

    private static SyntaxFault Unknown(StaticType parent, MemberSyntax member)
    {
        foreach (var type in parent.Fhir)
        {
            foreach (var element in type.Elements)
            {
                var at = element.IsChoice ? IndexOf(element.JsonNames, member.Name) : -1;
                if (at >= 0)
                {
                    return new SyntaxFault(
                        $"{type} has no element '{member.Name}' in FHIRPath; write {element.Name}.ofType({element.Types[at].Type.Name}).", member.Position);
                }
            }
        }

        var names = parent.Fhir.SelectMany(type => type.Elements).Select(element => element.Name);
        var hint = Suggestion.Nearest(member.Name, names) is { } near ? $"; did you mean '{near}'?" : ".";
        return new SyntaxFault($"{parent} has no element '{member.Name}'{hint}", member.Position);
    }

    private static int IndexOf(IReadOnlyList<string> names, string wanted)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == wanted)
            {
                return i;
            }
        }

        return -1;
    }
}

using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>The types at which the paths of an expression start: Patient and Person in <c>(Patient.name | Person.name).where(use = 'usual')</c>.</summary>
internal static class PathStarts
{
    /// <summary>Null when a part of it starts at whatever it is evaluated on, or cannot be told.</summary>
    public static IReadOnlyList<TypeSchema>? Of(SyntaxNode syntax)
    {
        var types = new List<TypeSchema>();
        return Collect(syntax, types) ? types : null;
    }

    private static bool Collect(SyntaxNode syntax, List<TypeSchema> types)
    {
        switch (syntax)
        {
            case MemberSyntax { Input: null } member when char.IsAsciiLetterUpper(member.Name[0]) && R4Definitions.Find(member.Name) is { } type:
                types.Add(type);
                return true;
            case MemberSyntax { Input: { } input }:
                return Collect(input, types);
            case CallSyntax { Input: { } input }:
                return Collect(input, types);
            case IndexerSyntax indexer:
                return Collect(indexer.Input, types);
            case TypeSyntax { IsTest: false } cast:
                return Collect(cast.Operand, types);
            case BinarySyntax { Operator: "|" } union:
                return Collect(union.Left, types) && Collect(union.Right, types);
            default:
                return false;
        }
    }
}

using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>Under what name a resource that is no concept of the trial is counted: never more than its type and a code of a public code system.</summary>
internal static class ScopeCount
{
    public static string Of(ResourceDocument document)
    {
        foreach (var coding in document.Root.Child("code").ChildrenOf("coding"))
        {
            if (PublicCode.From(coding) is { } code)
                return $"{document.ResourceType} {code}";
        }

        return document.ResourceType;
    }
}

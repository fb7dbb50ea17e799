using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// Marks a pseudonymised source: what the hospital said in its own code or unit, kept beside the trial resource that is derived from it.
/// It has the hospital's code, so without the mark it would count as a second value of the concept.
/// </summary>
public static class SourceTag
{
    public const string System = ConceptCatalog.Canonical + "CodeSystem/record-role";

    public const string Code = "source";

    internal static void Meta(ResourceWriter writer) => writer.Object("meta", () =>
    {
        writer.Pseudonymised();
        writer.Objects("tag", [new ConceptCode(System, Code)], writer.CodingBody);
    });

    public static bool IsOn(ResourceDocument document)
    {
        foreach (var tag in document.Root.Child("meta").ChildrenOf("tag"))
        {
            if (tag.Child("code").TextEquals(Code) && tag.Child("system").TextEquals(System))
                return true;
        }

        return false;
    }
}

using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

/// <summary>A rule that the structure check applies: a stable id and the R4 issue type that it reports.</summary>
public sealed record StructureRule(string Id, string IssueCode, string Meaning)
{
    public static readonly StructureRule NotJson = new("ATC-S001", Outcomes.IssueCode.Structure, "The text is not JSON.");
    public static readonly StructureRule NotUtf8 = new("ATC-S002", Outcomes.IssueCode.Structure, "The text is not UTF-8.");
    public static readonly StructureRule TooLarge = new("ATC-S003", Outcomes.IssueCode.TooLong, "The text is larger, nested deeper or has more faults than is read.");
    public static readonly StructureRule NotAResource = new("ATC-S004", Outcomes.IssueCode.Structure, "A resource is a JSON object whose resourceType names an R4 resource type.");
    public static readonly StructureRule UnknownElement = new("ATC-S010", Outcomes.IssueCode.Structure, "The type has no such element.");
    public static readonly StructureRule DuplicateElement = new("ATC-S011", Outcomes.IssueCode.Structure, "A property stands twice in one JSON object.");
    public static readonly StructureRule TwoTypesOfChoice = new("ATC-S012", Outcomes.IssueCode.Structure, "A choice element has one type at a time.");
    public static readonly StructureRule Missing = new("ATC-S013", Outcomes.IssueCode.Required, "An element that R4 demands is missing.");
    public static readonly StructureRule ShouldBeArray = new("ATC-S014", Outcomes.IssueCode.Structure, "An element that may repeat is a JSON array.");
    public static readonly StructureRule ShouldNotBeArray = new("ATC-S015", Outcomes.IssueCode.Structure, "An element that may not repeat is not a JSON array.");
    public static readonly StructureRule Empty = new("ATC-S016", Outcomes.IssueCode.Structure, "Arrays, objects and values are not empty; what has no content is left out.");
    public static readonly StructureRule WrongJsonType = new("ATC-S017", Outcomes.IssueCode.Structure, "The JSON type is that of the element's FHIR type.");
    public static readonly StructureRule TooMany = new("ATC-S018", Outcomes.IssueCode.Structure, "An element occurs at most as often as R4 allows.");
    public static readonly StructureRule BadValue = new("ATC-S020", Outcomes.IssueCode.Value, "A primitive value has the format of its type.");
    public static readonly StructureRule BadCode = new("ATC-S021", Outcomes.IssueCode.CodeInvalid, "A code with a required binding is one of its value set.");
    public static readonly StructureRule NotXml = new("ATC-S030", Outcomes.IssueCode.Structure, "The text is not XML, or has a document type declaration.");
    public static readonly StructureRule WrongNamespace = new("ATC-S031", Outcomes.IssueCode.Structure, "Elements are in the namespace http://hl7.org/fhir, narrative is in that of XHTML.");
    public static readonly StructureRule UnexpectedText = new("ATC-S032", Outcomes.IssueCode.Structure, "Values stand in the value attribute; elements have no text.");
    public static readonly StructureRule UnknownAttribute = new("ATC-S033", Outcomes.IssueCode.Structure, "An element has no attributes but id, value of a primitive and url of an extension.");
    public static readonly StructureRule OutOfOrder = new("ATC-S034", Outcomes.IssueCode.Structure, "XML elements stand in the order of the definition.");

    /// <summary>Every rule of the structure check, in the order of the ids.</summary>
    public static IReadOnlyList<StructureRule> All { get; } =
    [
        NotJson, NotUtf8, TooLarge, NotAResource, UnknownElement, DuplicateElement, TwoTypesOfChoice, Missing, ShouldBeArray,
        ShouldNotBeArray, Empty, WrongJsonType, TooMany, BadValue, BadCode,
        NotXml, WrongNamespace, UnexpectedText, UnknownAttribute, OutOfOrder,
    ];
}

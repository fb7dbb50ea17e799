using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation;

/// <summary>
/// A rule that the validator applies beyond the structure check (whose rules are <see cref="R4.Documents.StructureRule"/>).
/// </summary>
/// <param name="Id">Stable: it never changes its meaning, and is never used again.</param>
/// <param name="Severity">The usual one; invariants and best practices may lower it.</param>
public sealed record ValidationRule(string Id, IssueSeverity Severity, string IssueCode, string Meaning);

/// <summary>Every rule, in the order of the ids; <c>docs/validation/rules.md</c> lists the same.</summary>
public static class Rules
{
    // What is asked for
    public static readonly ValidationRule ProfileNotKnown = Error("ATC-V001", IssueCode.NotFound, "A profile that was asked for is not known.");
    public static readonly ValidationRule MetaProfileNotKnown = Warning("ATC-V002", IssueCode.NotFound, "meta.profile names a profile that is not known; it is not checked.");
    public static readonly ValidationRule NotSupported = Information("ATC-V003", IssueCode.NotSupported, "Part of a profile or an invariant is not supported and was not checked.");
    public static readonly ValidationRule ProfileUnusable = Error("ATC-V004", IssueCode.NotSupported, "A profile has no usable definition.");
    public static readonly ValidationRule ProfileOfOtherType = Error("ATC-V005", IssueCode.Structure, "The profile constrains another type than the resource has.");
    public static readonly ValidationRule IdOnCreate = Warning("ATC-V006", IssueCode.Informational, "The id of a resource to be created is replaced by the server's.");
    public static readonly ValidationRule IdOnUpdate = Error("ATC-V007", IssueCode.Required, "A resource to be updated has an id.");
    public static readonly ValidationRule TooManyIssues = Information("ATC-V008", IssueCode.TooCostly, "More was found than is listed.");
    public static readonly ValidationRule Suppressed = Information("ATC-V009", IssueCode.Informational, "A finding was accepted by configuration, for the reason given.");

    // Elements of a profile
    public static readonly ValidationRule Min = Error("ATC-V010", IssueCode.Required, "An element occurs at least as often as the profile demands.");
    public static readonly ValidationRule Max = Error("ATC-V011", IssueCode.Structure, "An element occurs at most as often as the profile allows.");
    public static readonly ValidationRule Type = Error("ATC-V012", IssueCode.Structure, "An element has one of the types that the profile allows.");
    public static readonly ValidationRule Fixed = Error("ATC-V013", IssueCode.Value, "An element has exactly the value that the profile fixes.");
    public static readonly ValidationRule Pattern = Error("ATC-V014", IssueCode.Value, "An element contains the pattern that the profile demands.");
    public static readonly ValidationRule MinValue = Error("ATC-V015", IssueCode.Value, "A value is not below the minimum.");
    public static readonly ValidationRule MaxValue = Error("ATC-V016", IssueCode.Value, "A value is not above the maximum.");
    public static readonly ValidationRule MaxLength = Error("ATC-V017", IssueCode.TooLong, "A text is not longer than the maximum.");
    public static readonly ValidationRule MinLength = Error("ATC-V018", IssueCode.Value, "A text is not shorter than the minimum.");
    public static readonly ValidationRule Regex = Error("ATC-V019", IssueCode.Value, "A text matches the regular expression of the definition.");
    public static readonly ValidationRule MaxDecimalPlaces = Error("ATC-V020", IssueCode.Value, "A decimal has not more places than the profile allows.");
    public static readonly ValidationRule MustHaveValue = Error("ATC-V021", IssueCode.Required, "A primitive has a value where extensions alone do not do.");
    public static readonly ValidationRule ValueAlternative = Error("ATC-V022", IssueCode.Required, "A primitive has a value, or one of the extensions that may stand for it.");
    public static readonly ValidationRule TypeProfile = Error("ATC-V023", IssueCode.Structure, "An element conforms to one of the profiles of its type.");
    public static readonly ValidationRule MustSupport = Information("ATC-V024", IssueCode.Informational, "An element that the profile marks as must support is absent.");

    // Slices
    public static readonly ValidationRule SliceMin = Error("ATC-V030", IssueCode.Required, "A slice occurs at least as often as the profile demands.");
    public static readonly ValidationRule SliceMax = Error("ATC-V031", IssueCode.Structure, "A slice occurs at most as often as the profile allows.");
    public static readonly ValidationRule NoSlice = Error("ATC-V032", IssueCode.Structure, "In a closed slicing each element matches a slice.");
    public static readonly ValidationRule SliceOrder = Error("ATC-V033", IssueCode.Structure, "In an ordered slicing the elements follow the order of the slices.");
    public static readonly ValidationRule SliceAtEnd = Error("ATC-V034", IssueCode.Structure, "In a slicing that is open at the end, elements of no slice come last.");
    public static readonly ValidationRule AmbiguousSlice = Error("ATC-V035", IssueCode.MultipleMatches, "An element matches one slice, not several.");

    // Terminology
    public static readonly ValidationRule RequiredBinding = Error("ATC-V040", IssueCode.CodeInvalid, "A code is in the value set of its required binding.");
    public static readonly ValidationRule ExtensibleBinding = Warning("ATC-V041", IssueCode.CodeInvalid, "A code comes from the value set of its extensible binding where that covers the meaning.");
    public static readonly ValidationRule MaxValueSet = Error("ATC-V042", IssueCode.CodeInvalid, "A code is in the maximum value set of its binding.");
    public static readonly ValidationRule UnknownCode = Error("ATC-V043", IssueCode.CodeInvalid, "A code is one of its code system.");
    public static readonly ValidationRule CodeNotChecked = Information("ATC-V044", IssueCode.NotSupported, "A code could not be checked, since its code system or value set is not known here.");
    public static readonly ValidationRule OlderCode = Warning("ATC-V045", IssueCode.CodeInvalid, "Only an older version of the code system has the code.");
    public static readonly ValidationRule Display = Warning("ATC-V046", IssueCode.Value, "A display is one of the words that the code system has for the code.");
    public static readonly ValidationRule NoCoding = Error("ATC-V047", IssueCode.Required, "A concept with a required binding has a coding.");
    public static readonly ValidationRule SystemIsValueSet = Error("ATC-V049", IssueCode.CodeInvalid, "The system of a Coding is a code system, not a value set.");

    // Invariants
    public static readonly ValidationRule Invariant = Error("ATC-V050", IssueCode.Invariant, "An invariant of the definition or of a profile holds.");
    public static readonly ValidationRule InvariantNotChecked = Information("ATC-V051", IssueCode.NotSupported, "An invariant could not be evaluated.");

    // Extensions
    public static readonly ValidationRule UnknownExtension = Warning("ATC-V060", IssueCode.Extension, "The definition of an extension is not known; its content is not checked.");
    public static readonly ValidationRule UnknownModifierExtension = Warning("ATC-V061", IssueCode.Extension, "The definition of a modifier extension is known: it may change the meaning of everything around it.");
    public static readonly ValidationRule ExtensionContext = Error("ATC-V062", IssueCode.Extension, "An extension stands where its definition allows it.");
    public static readonly ValidationRule ModifierAsExtension = Error("ATC-V063", IssueCode.Extension, "A modifier extension stands in modifierExtension.");
    public static readonly ValidationRule ExtensionAsModifier = Error("ATC-V064", IssueCode.Extension, "An extension that is no modifier stands in extension.");
    public static readonly ValidationRule ExtensionUrl = Error("ATC-V065", IssueCode.Extension, "The url of an extension that is not inside another is absolute, and names no definition of something else.");

    // References
    public static readonly ValidationRule ReferenceSyntax = Error("ATC-V070", IssueCode.Value, "A reference is Type/id, an absolute URL, urn:uuid, urn:oid or #id.");
    public static readonly ValidationRule ReferenceType = Error("ATC-V071", IssueCode.Structure, "A reference points to one of the allowed types.");
    public static readonly ValidationRule ContainedNotFound = Error("ATC-V072", IssueCode.NotFound, "A reference with # points to a contained resource.");
    public static readonly ValidationRule ReferenceNotInBundle = Error("ATC-V073", IssueCode.NotFound, "A reference that the Bundle must answer is found in it.");
    public static readonly ValidationRule ReferenceProfile = Error("ATC-V074", IssueCode.Structure, "The target of a reference conforms to one of the target profiles.");
    public static readonly ValidationRule Aggregation = Error("ATC-V075", IssueCode.Structure, "A reference points to where the profile allows: contained, inside the Bundle, or outside.");
    public static readonly ValidationRule ReferenceVersioning = Error("ATC-V076", IssueCode.Structure, "A reference names a version, or none, as the profile demands.");
    public static readonly ValidationRule AmbiguousReference = Error("ATC-V077", IssueCode.MultipleMatches, "A reference matches one entry of the Bundle, not several.");
    public static readonly ValidationRule ReferenceTypeMismatch = Error("ATC-V078", IssueCode.Structure, "A reference names a type of R4, and the resource that it finds has that type.");
    public static readonly ValidationRule ContainedId = Error("ATC-V079", IssueCode.Structure, "Contained resources have ids, each one once.");

    // Bundles
    public static readonly ValidationRule FullUrlMissing = Error("ATC-V090", IssueCode.Required, "Entries have a fullUrl, except in batches and transactions.");
    public static readonly ValidationRule FullUrlRelative = Error("ATC-V091", IssueCode.Value, "A fullUrl is absolute.");
    public static readonly ValidationRule FullUrlMismatch = Error("ATC-V092", IssueCode.Value, "A RESTful fullUrl ends with the type and id of its resource.");
    public static readonly ValidationRule EntryNotReachable = Error("ATC-V094", IssueCode.Structure, "A document holds what its Composition refers to, directly or not, besides style sheets and Provenance.");
    public static readonly ValidationRule LinkRelation = Error("ATC-V097", IssueCode.Value, "The links of a search stand in searches only.");
    public static readonly ValidationRule SearchResultId = Error("ATC-V098", IssueCode.Required, "A resource that a search found has an id.");

    public static readonly ValidationRule MessageId = Warning("ATC-V146", IssueCode.Required, "The header of a message has an id.");
    public static readonly ValidationRule ResponseCode = Error("ATC-V147", IssueCode.BusinessRule, "The code of a response is an error where its details have one.");
    public static readonly ValidationRule SearchMessageType = Error("ATC-V148", IssueCode.Required, "A message that asks for a search of a type names the type.");

    public static readonly ValidationRule EntryResource = Error("ATC-V149", IssueCode.Required, "An entry whose request is a PUT or POST has the resource.");
    public static readonly ValidationRule ResponseStatus = Error("ATC-V150", IssueCode.Value, "The status of a response begins with the three digits of HTTP.");
    public static readonly ValidationRule SearchOutcome = Error("ATC-V151", IssueCode.Structure, "What a search tells of itself, its outcome, is an OperationOutcome.");
    public static readonly ValidationRule ElementId = Error("ATC-V152", IssueCode.Structure, "The id of an element stands once in its resource.");

    // Narrative and texts
    public static readonly ValidationRule Narrative = Error("ATC-V100", IssueCode.Invalid, "Narrative is well-formed XHTML of the permitted elements and attributes.");
    public static readonly ValidationRule NarrativeEmpty = Error("ATC-V101", IssueCode.Invalid, "Narrative has text or an image.");
    public static readonly ValidationRule NarrativeLanguage = Error("ATC-V102", IssueCode.BusinessRule, "Language sections of a narrative are as the profile demands.");
    public static readonly ValidationRule WhiteSpace = Warning("ATC-V103", IssueCode.Value, "A text neither starts nor ends with white space.");
    public static readonly ValidationRule HiddenCharacters = Error("ATC-V104", IssueCode.Security, "A text has no control characters, nor characters that change the direction of others.");
    public static readonly ValidationRule TextTooLong = Error("ATC-V106", IssueCode.TooLong, "A text has at most 1 MB.");
    public static readonly ValidationRule HtmlInText = Warning("ATC-V105", IssueCode.Security, "A text has no HTML tags.");

    // Questionnaires
    public static readonly ValidationRule Questionnaire = Error("ATC-V110", IssueCode.BusinessRule, "A Questionnaire is sound.");
    public static readonly ValidationRule QuestionnaireNotKnown = Warning("ATC-V111", IssueCode.NotFound, "The Questionnaire of a response is known.");
    public static readonly ValidationRule ItemNotInQuestionnaire = Error("ATC-V112", IssueCode.Structure, "Each item of a response is one of the Questionnaire, in its place.");
    public static readonly ValidationRule ItemRequired = Error("ATC-V113", IssueCode.Required, "A required item that is enabled has an answer.");
    public static readonly ValidationRule ItemRepeats = Error("ATC-V114", IssueCode.Structure, "An item repeats only where the Questionnaire says so.");
    public static readonly ValidationRule ItemOrder = Error("ATC-V115", IssueCode.Structure, "Items follow the order of the Questionnaire.");
    public static readonly ValidationRule ItemNotEnabled = Error("ATC-V116", IssueCode.Invalid, "An item that is not enabled has no answer.");
    public static readonly ValidationRule AnswerType = Error("ATC-V117", IssueCode.Structure, "An answer has the type of its question.");
    public static readonly ValidationRule AnswerOption = Error("ATC-V118", IssueCode.CodeInvalid, "An answer is one of the options.");
    public static readonly ValidationRule AnswerLimit = Error("ATC-V119", IssueCode.Value, "An answer keeps to the limits of its question.");
    public static readonly ValidationRule ItemText = Warning("ATC-V120", IssueCode.Value, "The text of an item is that of the Questionnaire.");

    // Conformance resources
    public static readonly ValidationRule ProfileDefinition = Error("ATC-V130", IssueCode.BusinessRule, "A StructureDefinition makes sense: paths, base and snapshot.");
    public static readonly ValidationRule CodeSystemDefinition = Error("ATC-V132", IssueCode.BusinessRule, "A CodeSystem keeps to its own statements.");

    public static readonly ValidationRule SubjectResults = Error("ATC-V133", IssueCode.BusinessRule, "Only a MeasureReport of type subject-list lists the results of subjects.");

    public static readonly ValidationRule AttachmentSize = Error("ATC-V134", IssueCode.Value, "The size of an Attachment is that of its data.");
    public static readonly ValidationRule IdentifierUri = Error("ATC-V135", IssueCode.Value, "The system of an Identifier is an absolute URI; where it is urn:ietf:rfc:3986, so is the value.");
    public static readonly ValidationRule UriSyntax = Error("ATC-V136", IssueCode.Value, "A urn:uuid holds a UUID in lower case, a urn:oid an OID.");
    public static readonly ValidationRule CodingSystem = Error("ATC-V137", IssueCode.CodeInvalid, "The system of a Coding, and of a part of a ValueSet, is the absolute URI of a code system, without a version; a supplement is none of its own.");
    public static readonly ValidationRule ValueSetDefinition = Error("ATC-V139", IssueCode.BusinessRule, "A ValueSet makes sense: its imports end, and its filters can be applied.");
    public static readonly ValidationRule Expression = Error("ATC-V138", IssueCode.Value, "A text that is FHIRPath by its definition, or by the language beside it, is FHIRPath.");

    public static readonly ValidationRule SearchBase = Warning("ATC-V144", IssueCode.Value, "The expression of a SearchParameter fits the types of its base.");
    public static readonly ValidationRule MapVariable = Error("ATC-V145", IssueCode.NotFound, "A variable of a StructureMap is an input of its group, or named before by the rule or one around it.");

    // Good practice
    public static readonly ValidationRule BestPractice = Warning("ATC-V140", IssueCode.BusinessRule, "A resource has narrative, as dom-6 recommends.");
    public static readonly ValidationRule ObservationSubject = Warning("ATC-V141", IssueCode.BusinessRule, "An Observation has a subject.");
    public static readonly ValidationRule ObservationPerformer = Warning("ATC-V142", IssueCode.BusinessRule, "An Observation has a performer.");
    public static readonly ValidationRule ObservationEffective = Warning("ATC-V143", IssueCode.BusinessRule, "An Observation has an effective time.");

    // Lint of profiles
    public static readonly ValidationRule LintPath = Error("ATC-L001", IssueCode.Structure, "A path of the differential does not exist in the base.");
    public static readonly ValidationRule LintDiscriminator = Warning("ATC-L002", IssueCode.Structure, "A discriminator tells nothing for a slice.");
    public static readonly ValidationRule LintCardinality = Error("ATC-L003", IssueCode.Structure, "A cardinality can never be met, or is wider than that of the base.");
    public static readonly ValidationRule LintInvariant = Error("ATC-L004", IssueCode.Invariant, "An invariant does not compile.");
    public static readonly ValidationRule LintValueSet = Warning("ATC-L005", IssueCode.NotFound, "A value set of a binding is not known, or does not expand here.");
    public static readonly ValidationRule LintChoicePath = Warning("ATC-L006", IssueCode.Structure, "A renamed choice path (valueQuantity) leaves the choice open for other readers; write value[x] and its type.");
    public static readonly ValidationRule LintProfile = Warning("ATC-L007", IssueCode.NotFound, "A profile of a type or target is not known.");
    public static readonly ValidationRule LintInvariantPath = Warning("ATC-L008", IssueCode.Invariant, "An invariant does not fit the type that it stands on: an element is misspelled, or of another type.");
    public static readonly ValidationRule LintType = Error("ATC-L009", IssueCode.Structure, "A type of an element is none that the base allows.");
    public static readonly ValidationRule LintFixed = Error("ATC-L010", IssueCode.Value, "A fixed value contradicts the one of the base.");
    public static readonly ValidationRule LintBinding = Error("ATC-L011", IssueCode.Structure, "A binding is weaker than that of the base.");

    /// <summary>All of them, in the order of the ids.</summary>
    public static IReadOnlyList<ValidationRule> All { get; } =
    [
        ProfileNotKnown, MetaProfileNotKnown, NotSupported, ProfileUnusable, ProfileOfOtherType, IdOnCreate, IdOnUpdate, TooManyIssues, Suppressed,
        Min, Max, Type, Fixed, Pattern, MinValue, MaxValue, MaxLength, MinLength, Regex, MaxDecimalPlaces, MustHaveValue, ValueAlternative, TypeProfile,
        MustSupport,
        SliceMin, SliceMax, NoSlice, SliceOrder, SliceAtEnd, AmbiguousSlice,
        RequiredBinding, ExtensibleBinding, MaxValueSet, UnknownCode, CodeNotChecked, OlderCode, Display, NoCoding, SystemIsValueSet,
        Invariant, InvariantNotChecked,
        UnknownExtension, UnknownModifierExtension, ExtensionContext, ModifierAsExtension, ExtensionAsModifier, ExtensionUrl,
        ReferenceSyntax, ReferenceType, ContainedNotFound, ReferenceNotInBundle, ReferenceProfile, Aggregation, ReferenceVersioning, AmbiguousReference,
        ReferenceTypeMismatch, ContainedId,
        FullUrlMissing, FullUrlRelative, FullUrlMismatch, EntryNotReachable, LinkRelation, SearchResultId, MessageId, ResponseCode, SearchMessageType,
        EntryResource, ResponseStatus, SearchOutcome, ElementId,
        Narrative, NarrativeEmpty, NarrativeLanguage, WhiteSpace, HiddenCharacters, HtmlInText, TextTooLong,
        Questionnaire, QuestionnaireNotKnown, ItemNotInQuestionnaire, ItemRequired, ItemRepeats, ItemOrder, ItemNotEnabled, AnswerType, AnswerOption,
        AnswerLimit, ItemText,
        ProfileDefinition, CodeSystemDefinition, SubjectResults, AttachmentSize, IdentifierUri, UriSyntax, CodingSystem, Expression, ValueSetDefinition,
        SearchBase, MapVariable,
        BestPractice, ObservationSubject, ObservationPerformer, ObservationEffective,
        LintPath, LintDiscriminator, LintCardinality, LintInvariant, LintValueSet, LintChoicePath, LintProfile, LintInvariantPath,
        LintType, LintFixed, LintBinding,
    ];

    /// <summary>True of an id of this list, or of one of the structure check.</summary>
    internal static bool Exists(string id) => All.Any(rule => rule.Id == id) || R4.Documents.StructureRule.All.Any(rule => rule.Id == id);

    private static ValidationRule Error(string id, string code, string meaning) => new(id, IssueSeverity.Error, code, meaning);

    private static ValidationRule Warning(string id, string code, string meaning) => new(id, IssueSeverity.Warning, code, meaning);

    private static ValidationRule Information(string id, string code, string meaning) => new(id, IssueSeverity.Information, code, meaning);
}

using AtcFhir.R4.Documents;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operations that R4 does not define, as the OperationDefinitions that /metadata refers to; they are stored with the study, so that their URLs can be
/// looked up. <see href="https://hl7.org/fhir/R4/operationdefinition.html"/>
/// </summary>
internal static class OwnOperations
{
    private const string Canonical = "https://example.org/atcfhir/OperationDefinition/";

    private static readonly OwnOperation[] Table =
    [
        new("diff", "diff", [], "What leads from one version to another, or from one resource to another, as a FHIRPath Patch (Parameters) or, with patch = json, as a JSON Patch.", ChangesState: false,
            [new("from", "string"), new("to", "string"), new("includeMeta", "boolean"), new("patch", "code"), new("return", "Parameters", IsOut: true)]) { IsSystem = true, IsInstance = true },
        new("import", "import", [], "Takes resources as NDJSON, one a line, in the body.", ChangesState: true, []) { IsSystem = true },
        new("reindex", "reindex", [], "Makes the active SearchParameter resources what can be searched by.", ChangesState: true, [new("return", "OperationOutcome", IsOut: true)]) { IsSystem = true },
        new("ResearchStudy-everything", "everything", ["ResearchStudy"], "The study, its subjects, their patients' compartments, and what these refer to.", ChangesState: false, Everything) { IsInstance = true },
        new("ResearchSubject-everything", "everything", ["ResearchSubject"], "The subject, the patient's compartment, and what these refer to.", ChangesState: false, Everything) { IsInstance = true },
        new("ResearchSubject-document", "document", ["ResearchSubject"], "The casebook of the subject as a document.", ChangesState: true,
            [new("persist", "boolean"), new("return", "Bundle", IsOut: true)]) { IsInstance = true },
        new("enroll", "enroll", ["ResearchStudy"], "Puts a patient of the hospital on the list of the trial.", ChangesState: true,
            [new("patient", "string", 1), new("consent", "date", 1), new("subject", "string"), new("inclusion", "date"), new("hospital", "string"), new("return", "Parameters", IsOut: true)]) { IsInstance = true },
        new("unenroll", "unenroll", ["ResearchStudy"], "Takes a patient off the list of the trial.", ChangesState: true,
            [new("patient", "string", 1), new("withdrawn", "boolean"), new("return", "Parameters", IsOut: true)]) { IsInstance = true },
    ];

    private static OwnParameter[] Everything =>
        [new("_since", "instant"), new("_type", "code", IsRepeating: true), new("start", "date"), new("end", "date"), new("_count", "integer"), new("return", "Bundle", IsOut: true)];

    /// <summary>The canonical of an operation of that name on a type (null: on the system or on all types); null of one that others define.</summary>
    public static string? CanonicalOf(string code, string? type)
        => Array.Find(Table, operation => operation.Code == code && (operation.Types.Count == 0 || operation.Types.Contains(type ?? ""))) is { } own ? Canonical + own.Id : null;

    /// <summary>The resources, with their ids.</summary>
    public static IEnumerable<ResourceDocument> Definitions() => Table.Select(operation => ResourceDocument.Parse(Write(operation)).Value);

    private static ReadOnlyMemory<byte> Write(OwnOperation operation) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "OperationDefinition"u8);
        writer.WriteString("id"u8, operation.Id);
        writer.WriteString("url"u8, Canonical + operation.Id);
        writer.WriteString("version"u8, Product.Version);
        writer.WriteString("name"u8, string.Concat(operation.Id.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
        writer.WriteString("status"u8, "active"u8);
        writer.WriteString("kind"u8, "operation"u8);
        writer.WriteString("description"u8, operation.Description);
        writer.WriteBoolean("affectsState"u8, operation.ChangesState);
        writer.WriteString("code"u8, operation.Code);
        if (operation.Types.Count > 0 || operation.IsInstance)
        {
            writer.WriteStartArray("resource"u8);
            foreach (var type in operation.Types.DefaultIfEmpty("Resource"))
            {
                writer.WriteStringValue(type);
            }

            writer.WriteEndArray();
        }

        writer.WriteBoolean("system"u8, operation.IsSystem);
        writer.WriteBoolean("type"u8, false);
        writer.WriteBoolean("instance"u8, operation.IsInstance);
        if (operation.Parameters.Count > 0)
        {
            writer.WriteStartArray("parameter"u8);
            foreach (var parameter in operation.Parameters)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, parameter.Name);
                writer.WriteString("use"u8, parameter.IsOut ? "out"u8 : "in"u8);
                writer.WriteNumber("min"u8, parameter.IsOut ? 1 : parameter.Min);
                writer.WriteString("max"u8, parameter.IsRepeating ? "*"u8 : "1"u8);
                writer.WriteString("type"u8, parameter.Type);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    /// <param name="Id">Of the resource, and the end of its canonical.</param>
    /// <param name="Types">Empty for all.</param>
    private sealed record OwnOperation(string Id, string Code, IReadOnlyList<string> Types, string Description, bool ChangesState, IReadOnlyList<OwnParameter> Parameters)
    {
        public bool IsSystem { get; init; }

        public bool IsInstance { get; init; }
    }

    private sealed record OwnParameter(string Name, string Type, int Min = 0, bool IsOut = false, bool IsRepeating = false);
}

using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>Small profiles for tests: a differential of a few elements, and instances as JSON.</summary>
internal static class ProfileFixture
{
    public const string Url = "http://example.org/StructureDefinition/p";

    public static ResourceDocument Read(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    /// <summary>A profile of the type with these elements as JSON objects.</summary>
    public static ResourceDocument Profile(string type, string elements, string url = Url, string? baseUrl = null) => Read(
        $$$"""
        {"resourceType":"StructureDefinition","url":"{{{url}}}","name":"P","status":"active","kind":"resource","abstract":false,"type":"{{{type}}}",
         "baseDefinition":"{{{baseUrl ?? "http://hl7.org/fhir/StructureDefinition/" + type}}}","derivation":"constraint",
         "differential":{"element":[{"id":"{{{type}}}","path":"{{{type}}}"},{{{elements}}}]}}
        """);

    /// <summary>The errors of an instance against the profile, as "rule expression".</summary>
    public static IReadOnlyList<string> Errors(string json, params ResourceDocument[] conformance)
        => [.. Issues(json, conformance).Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}")];

    public static IReadOnlyList<Issue> Issues(string json, params ResourceDocument[] conformance)
        => new Validator(ConformanceSource.Official.With(conformance)).Validate(Read(json), ValidateRequest.For(Url)).Issues;

    /// <summary>An Observation with these members besides status and code.</summary>
    public static string Observation(string members = "") => $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"}{{(members.Length > 0 ? "," + members : "")}}}""";
}

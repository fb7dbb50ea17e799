using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Xml;
using AtcFhir.Tests.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>What is done with one input: read, validated, asked, written as XML; twice, where the verdicts are compared.</summary>
internal sealed class FuzzTarget
{
    private const string BoundProfile = "https://example.org/atcfhir/fuzz";

    private static readonly ConformanceSource Source = ConformanceSource.Official.With(FhirPackage.Open(ProfilePackage.Folder).Value);

    private readonly Validator validator = new(Source);

    private readonly List<FhirPathExpression> questions = [.. FuzzCorpus.Expressions.TakeLast(40).Select(text => FhirPathExpression.Compile(text, null, FhirPathUse.Definition)).Where(result => result.Succeeded).Select(result => result.Value)];

    public void Try(FuzzInput input)
    {
        switch (input.Kind)
        {
            case FuzzKind.Json:
                Resource(input, ResourceDocument.Parse(input.Bytes), again => ResourceDocument.Parse(again));
                break;
            case FuzzKind.Xml:
                Resource(input, ResourceDocument.ParseXml(input.Bytes), again => ResourceDocument.ParseXml(again));
                break;
            case FuzzKind.Expression:
                Expression(Encoding.UTF8.GetString(input.Bytes), FuzzCorpus.Documents[input.Choice % FuzzCorpus.Documents.Count]);
                break;
            case FuzzKind.Profile:
                Profile(input);
                break;
            case FuzzKind.Terminology:
                Terminology(input);
                break;
        }
    }

    private void Resource(FuzzInput input, Result<ResourceDocument> parsed, Func<byte[], Result<ResourceDocument>> again)
    {
        if (!parsed.TryGet(out var document, out var failure))
        {
            FuzzChecks.Require(failure.Issues.Count > 0, "a failure without an issue");
            FuzzChecks.Issues(failure.Issues, input.Bytes);
            return;
        }

        var request = Request(input.Choice);
        var issues = validator.Validate(document, request).Issues;
        FuzzChecks.Issues(issues, input.Bytes);
        FuzzChecks.Expressions(issues, document);
        if (input.Choice % 4 == 0)
        {
            FuzzChecks.Same(issues, validator.Validate(again(input.Bytes).Value, request).Issues);
        }

        _ = questions[input.Choice % questions.Count].TryEvaluate(document.Root);
        if (input.Kind == FuzzKind.Json)
        {
            FuzzChecks.Require(ResourceDocument.ParseXml(FhirXml.ToUtf8(document)).Succeeded, "what was written as XML cannot be read");
        }
    }

    private static ValidateRequest Request(int choice) => new(
        choice % 8 == 0 ? [FuzzCorpus.ProfileUrls[choice / 8 % FuzzCorpus.ProfileUrls.Count]] : null,
        (ValidateMode)(choice % 3),
        BestPractice: (BestPractice)(choice % 4));

    private static void Expression(string text, ResourceDocument document)
    {
        var compiled = FhirPathExpression.Compile(text);
        _ = FhirPathExpression.Compile(text, document.Root.Type);
        if (!compiled.TryGet(out var expression, out var failure))
        {
            FuzzChecks.Require(failure.Issues is [{ Text.Length: > 0 }, ..], "a failure without an issue");
            return;
        }

        var first = expression.TryEvaluate(document.Root);
        _ = expression.TryPredicate(document.Root);
        FuzzChecks.Require(first.Succeeded == expression.TryEvaluate(document.Root).Succeeded, "another answer the second time");
    }

    /// <summary>A damaged profile is itself an instance, and something to validate with.</summary>
    private void Profile(FuzzInput input)
    {
        Resource(input, ResourceDocument.Parse(input.Bytes), again => ResourceDocument.Parse(again));
        if (!ResourceDocument.Parse(input.Bytes).TryGet(out var profile, out _) || profile.Root.Child("url").Text is not { Length: > 0 } url)
        {
            return;
        }

        var changed = new Validator(Source.With(profile));
        foreach (var problem in changed.Lint(url))
        {
            FuzzChecks.Require(problem.Text.Length > 0 && !problem.Text.Contains("Exception", StringComparison.Ordinal), $"lint: {problem.Text}");
        }

        foreach (var file in ProfilePackage.Resources.Where(resource => resource.File.StartsWith("example/", StringComparison.Ordinal)).Skip(input.Choice % 16).Take(4))
        {
            var utf8 = Encoding.UTF8.GetBytes(file.Json.ToJsonString());
            FuzzChecks.Issues(changed.Validate(ResourceDocument.Parse(utf8).Value, ValidateRequest.For(url)).Issues, utf8);
        }
    }

    private void Terminology(FuzzInput input)
    {
        Resource(input, ResourceDocument.Parse(input.Bytes), again => ResourceDocument.Parse(again));
        if (!ResourceDocument.Parse(input.Bytes).TryGet(out var changed, out _))
        {
            return;
        }

        var bound = ResourceDocument.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"resourceType":"StructureDefinition","url":"{{{BoundProfile}}}","name":"P","status":"active","kind":"resource","abstract":false,"type":"Observation",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint",
             "differential":{"element":[{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":{{{System.Text.Json.JsonSerializer.Serialize(changed.Root.Child("url").Text ?? "x")}}}}}]}}
            """)).Value;
        var with = new Validator(Source.With(changed, bound));
        foreach (var example in ProfilePackage.Resources.Where(resource => resource.File.StartsWith("example/Observation", StringComparison.Ordinal)))
        {
            var utf8 = Encoding.UTF8.GetBytes(example.Json.ToJsonString());
            FuzzChecks.Issues(with.Validate(ResourceDocument.Parse(utf8).Value, ValidateRequest.For(BoundProfile)).Issues, utf8);
        }
    }
}

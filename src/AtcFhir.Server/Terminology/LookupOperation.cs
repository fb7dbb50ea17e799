using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>The operation $lookup on CodeSystem. <see href="https://hl7.org/fhir/R4/codesystem-operation-lookup.html"/></summary>
internal static class LookupOperation
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.Lookup, "CodeSystem", "codeSystem", "version", cancel)).TryGet(out var question, out var failure)
            || !question.Codings().TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        if (codings[0].System is null)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "A code needs its system.");
        }

        var parameters = question.Parameters;
        return question.Operations.LookUp(new LookupRequest(codings[0], [.. parameters.Texts("property")], parameters.Text("displayLanguage"))).TryGet(out var found, out var unknown)
            ? ParametersJson.Answer(answer => Write(answer, found))
            : Outcomes.Of(unknown);
    }

    private static void Write(ParametersJson answer, LookupAnswer found)
    {
        answer.Text("name", "string", found.Name);
        answer.Text("version", "string", found.Version);
        answer.Text("display", "string", found.Display);
        foreach (var word in found.Designations)
        {
            answer.Parts("designation", part =>
            {
                part.Text("language", "code", word.Language);
                part.Coding("use", word.Use);
                part.Text("value", "string", word.Value);
            });
        }

        foreach (var property in found.Properties)
        {
            answer.Parts("property", part =>
            {
                part.Text("code", "code", property.Code);
                if (property.Type == "Coding")
                {
                    part.Coding("value", new ConceptCoding(property.System, null, property.Value, property.Display));
                }
                else
                {
                    part.Text("value", property.Type, property.Value);
                    part.Text("description", "string", property.Display);
                }
            });
        }
    }
}

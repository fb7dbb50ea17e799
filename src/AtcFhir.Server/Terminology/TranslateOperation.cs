using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// The operation $translate on ConceptMap: by the map that is named, or by all that are known. <see href="https://hl7.org/fhir/R4/conceptmap-operation-translate.html"/>
/// </summary>
internal static class TranslateOperation
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!(await TerminologyQuestion.Of(endpoint, access, request, TerminologyParameters.Translate, "ConceptMap", "conceptMap", "conceptMapVersion", cancel)).TryGet(out var question, out var failure)
            || !question.Codings().TryGet(out var codings, out failure))
        {
            return Outcomes.Of(failure);
        }

        var parameters = question.Parameters;
        var asked = new TranslateRequest(
            codings,
            parameters.Text("targetsystem"),
            parameters.Text("source"),
            parameters.Text("target"),
            Dependencies(parameters.Document),
            question.Flag("reverse"));
        return question.Operations.Translate(question.Choice, asked).TryGet(out var translated, out var unknown)
            ? ParametersJson.Answer(answer => Write(answer, translated))
            : Outcomes.Of(unknown);
    }

    private static void Write(ParametersJson answer, TranslateAnswer translated)
    {
        answer.Flag("result", translated.Result);
        answer.Text("message", "string", translated.Message);
        foreach (var match in translated.Matches)
        {
            answer.Parts("match", part =>
            {
                part.Text("equivalence", "code", match.Equivalence);
                part.Coding("concept", match.Coding);
                foreach (var (element, code) in match.Products)
                {
                    part.Parts("product", product =>
                    {
                        product.Text("element", "uri", element);
                        product.Coding("concept", code);
                    });
                }

                part.Text("source", "uri", match.Map);
            });
        }
    }

    private static List<(string Element, ConceptCoding Code)> Dependencies(ResourceDocument? body)
    {
        List<(string, ConceptCoding)> given = [];
        foreach (var parameter in (body?.Root ?? default).ChildrenOf("parameter"))
        {
            if (parameter.Child("name").Text != "dependency")
            {
                continue;
            }

            string? element = null;
            var codings = new List<ConceptCoding>();
            foreach (var part in parameter.ChildrenOf("part"))
            {
                if (part.Child("name").Text == "element")
                {
                    element = part.Child("value").Text;
                }
                else if (part.Child("name").Text == "concept")
                {
                    codings.AddRange(part.Child("value").ChildrenOf("coding").ToList().Select(TerminologyQuestion.CodingOf).OfType<ConceptCoding>());
                }
            }

            if (element is not null)
            {
                given.AddRange(codings.Select(coding => (element, coding)));
            }
        }

        return given;
    }
}

using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>A Bundle posted to the base: batch or transaction. <see href="https://hl7.org/fhir/R4/http.html#transaction"/></summary>
internal static class Bundles
{
    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!FhirBody.Parse(request, endpoint.Limits).TryGet(out var bundle, out var failure))
        {
            return ValueTask.FromResult(Outcomes.Of(failure));
        }

        if (bundle.ResourceType != "Bundle")
        {
            return Refuse($"The base takes a Bundle, not {bundle.ResourceType}. Post a resource to its type, such as {bundle.ResourceType}.");
        }

        if (BundleEntry.ReadAll(bundle, request).TryGet(out var entries, out var broken))
        {
            return bundle.Root.Child("type").Text switch
            {
                "batch" => Batch.Run(endpoint, access, request, entries, cancel),
                "transaction" => Transaction.Run(endpoint, access, request, entries, cancel),
                _ => Refuse("The type of the Bundle has to be batch or transaction."),
            };
        }

        return ValueTask.FromResult(Outcomes.Of(broken));
    }

    private static ValueTask<FhirResponse> Refuse(string text)
        => ValueTask.FromResult(Outcomes.Of(new Failure(FailureKind.Malformed, [Issue.Error(IssueCode.Invalid, text) with { Expression = "Bundle.type" }])));

    /// <summary>The response Bundle, one entry an entry of the request, in its order.</summary>
    public static FhirResponse Answer(string type, DateTimeOffset now, IReadOnlyList<FhirResponse> answers) => new(StatusCodes.Status200OK)
    {
        Body = Json.Write(writer =>
        {
            BundleWriter.Start(writer, type, now, total: null, []);
            if (answers.Count > 0)
            {
                writer.WriteStartArray("entry"u8);
                foreach (var answer in answers)
                {
                    BundleWriter.Response(writer, answer);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }),
    };
}

using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>A Bundle posted to the base: batch or transaction. <see href="https://hl7.org/fhir/R4/http.html#transaction"/></summary>
internal static class Bundles
{
    private const int Huge = 1024 * 1024;

    /// <summary>About as much as an entry of an answer takes beside its resource, and an issue: a buffer that grows is copied each time.</summary>
    private const int EntrySize = 256;

    private const int IssueSize = 512;

    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (request.Body.Length < FhirBody.Large)
        {
            return await Answer(endpoint, access, request, cancel);
        }

        var places = request.Body.Length < Huge ? endpoint.BundlePlaces : endpoint.HugeBundlePlaces;
        await places.WaitAsync(cancel);
        try
        {
            return await Answer(endpoint, access, request, cancel);
        }
        finally
        {
            places.Release();
        }
    }

    private static async ValueTask<FhirResponse> Answer(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!FhirBody.Parse(request, endpoint.Limits).TryGet(out var parsed, out var failure))
        {
            return Outcomes.Of(failure);
        }

        using var bundle = parsed;
        if (bundle.ResourceType != "Bundle")
        {
            return Refuse($"The base takes a Bundle, not {bundle.ResourceType}. Post a resource to its type, such as {bundle.ResourceType}.");
        }

        if (BundleEntry.ReadAll(bundle, request).TryGet(out var entries, out var broken))
        {
            return bundle.Root.Child("type").Text switch
            {
                "batch" => await Batch.Run(endpoint, access, request, entries, cancel),
                "transaction" => await Transaction.Run(endpoint, access, request, entries, cancel),
                _ => Refuse("The type of the Bundle has to be batch or transaction."),
            };
        }

        return Outcomes.Of(broken);
    }

    private static FhirResponse Refuse(string text)
        => Outcomes.Of(new Failure(FailureKind.Malformed, [Issue.Error(IssueCode.Invalid, text) with { Expression = "Bundle.type" }]));

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
        }, sizeHint: 256 + answers.Sum(answer => EntrySize + answer.Body.Length + (IssueSize * answer.Issues.Count))),
    };
}

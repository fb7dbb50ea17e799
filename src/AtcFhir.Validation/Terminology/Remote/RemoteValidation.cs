using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// Validation with a terminology server at hand, in three steps: validate and collect the codes that nobody here knows; ask for all of them together; validate
/// again with the answers. Where answers lead to new questions (a slice that is only now found to match) the steps are repeated, but not for ever.
/// What the server does not answer is reported as not checked, never as valid or invalid.
/// </summary>
public sealed class RemoteValidation(Validator validator, TerminologyServer server)
{
    private const int MaxRounds = 3;

    public async ValueTask<ValidationResult> ValidateAsync(ResourceDocument document, ValidateRequest? request, CancellationToken cancel)
        => (await ValidateAsync([document], request, cancel).ConfigureAwait(false))[0];

    /// <summary>The questions of all documents go out together.</summary>
    public async ValueTask<IReadOnlyList<ValidationResult>> ValidateAsync(IReadOnlyList<ResourceDocument> documents, ValidateRequest? request, CancellationToken cancel)
    {
        request ??= ValidateRequest.Default;
        var results = new ValidationResult[documents.Count];
        var answers = new Dictionary<CodeQuestion, CodeAnswer>();
        var asked = new int[documents.Count];
        List<int> pending = [.. Enumerable.Range(0, documents.Count)];
        for (var round = 1; pending.Count > 0 && round <= MaxRounds; round++)
        {
            // 1. validate, with what is known
            var open = new HashSet<CodeQuestion>();
            var unfinished = new List<int>();
            foreach (var at in pending)
            {
                var collected = new CodeAnswers(question => answers.TryGetValue(question, out var given) ? given : server.Known(question), server.MaxQuestions - asked[at]);
                results[at] = validator.Validate(documents[at], request with { Answers = collected });
                if (collected.Open.Count > 0)
                {
                    unfinished.Add(at);
                    asked[at] += collected.Open.Count;
                    open.UnionWith(collected.Open);
                }
            }

            // 2. ask for what is not
            pending = unfinished;
            if (open.Count > 0 && round < MaxRounds)
            {
                foreach (var (question, answer) in await server.AskAsync([.. open], validator.Source, cancel).ConfigureAwait(false))
                {
                    answers[question] = answer;
                }
            }

            // 3. the next round gives the final verdict
        }

        return results;
    }
}

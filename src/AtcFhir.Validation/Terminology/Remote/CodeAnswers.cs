namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// The answers that a validation may use, and the questions that it had to leave open. The validation stays synchronous and pure: it looks answers up, and
/// writes down what it would have liked to ask. For one document, on one thread.
/// </summary>
/// <param name="known">An answer that was given before, or null.</param>
public sealed class CodeAnswers(Func<CodeQuestion, CodeAnswer?> known)
{
    private readonly HashSet<CodeQuestion> open = [];

    /// <summary>What has no answer yet.</summary>
    public IReadOnlyCollection<CodeQuestion> Open => open;

    internal CodeAnswer? Find(CodeQuestion question)
    {
        var answer = known(question);
        if (answer is null)
        {
            open.Add(question);
        }

        return answer;
    }
}

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// The answers that a validation may use, and the questions that it had to leave open. The validation stays synchronous and pure: it looks answers up, and
/// writes down what it would have liked to ask. For one document, on one thread.
/// </summary>
/// <param name="known">An answer that was given before, or null.</param>
/// <param name="most">More questions than these are not left open: they count as answered, with nobody being able to tell.</param>
public sealed class CodeAnswers(Func<CodeQuestion, CodeAnswer?> known, int most = int.MaxValue)
{
    private readonly HashSet<CodeQuestion> open = [];

    /// <summary>What has no answer yet.</summary>
    public IReadOnlyCollection<CodeQuestion> Open => open;

    internal CodeAnswer? Find(CodeQuestion question)
    {
        var answer = known(question);
        if (answer is not null || open.Contains(question))
        {
            return answer;
        }

        if (open.Count >= most)
        {
            return new CodeAnswer(null, "the terminology server is asked about so many codes of a resource only, and those from here on are not among them");
        }

        open.Add(question);
        return null;
    }
}

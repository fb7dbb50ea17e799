using System.Collections.Concurrent;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>Answers that were given before, positive and negative, for as long as they are believed.</summary>
internal sealed class AnswerCache(TerminologyServerOptions options, TimeProvider time)
{
    /// <summary>"I cannot tell" is asked again soon.</summary>
    private static readonly TimeSpan Unsure = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<CodeQuestion, (CodeAnswer Answer, DateTimeOffset Until)> kept = new();

    public CodeAnswer? Find(CodeQuestion question) => kept.TryGetValue(question, out var found) && found.Until > time.GetUtcNow() ? found.Answer : null;

    public void Keep(CodeQuestion question, CodeAnswer answer)
    {
        var now = time.GetUtcNow();
        if (kept.Count >= options.CacheSize)
        {
            foreach (var (old, held) in kept)
            {
                if (held.Until <= now)
                {
                    kept.TryRemove(old, out _);
                }
            }

            if (kept.Count >= options.CacheSize)
            {
                kept.Clear();
            }
        }

        if (options.CacheSize > 0)
        {
            var life = TimeSpan.FromHours(options.CacheHours);
            kept[question] = (answer, now + (answer.Holds is null && life > Unsure ? Unsure : life));
        }
    }
}

using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>What has been found out before about one coding, or about the value of a code. Answers are added, never changed; safe for any number of threads.</summary>
internal sealed class KnownCode
{
    /// <summary>Profiles that are uploaded again and again cannot make the list long.</summary>
    private const int MostBindings = 32;

    private Judgement? own;
    private BindingAnswer? newest;

    /// <summary>False as long as nobody has looked at the coding on its own.</summary>
    /// <param name="fault">What is to be said of it, whatever stands around; null when nothing.</param>
    public bool IsJudged(out CodeFault? fault)
    {
        var judgement = Volatile.Read(ref own);
        fault = judgement?.Fault;
        return judgement is not null;
    }

    public void Judge(CodeFault? fault) => Volatile.Write(ref own, new Judgement(fault));

    /// <summary>The answer about that binding, or null.</summary>
    public BindingAnswer? Of(BindingModel binding)
    {
        var answer = Volatile.Read(ref newest);
        while (answer is not null && !ReferenceEquals(answer.Binding, binding))
        {
            answer = answer.Before;
        }

        return answer;
    }

    public void Learn(BindingModel binding, BindingRelation relation, CodeFault? fault = null)
    {
        var before = Volatile.Read(ref newest);
        if (before is not { Count: >= MostBindings })
        {
            // Who is overtaken by another thread leaves it: the answer is worked out anew next time.
            Interlocked.CompareExchange(ref newest, new BindingAnswer(binding, relation, fault, before), before);
        }
    }

    private sealed record Judgement(CodeFault? Fault);
}

/// <summary>How a code stands to a binding.</summary>
internal enum BindingRelation : byte
{
    /// <summary>One such code satisfies the binding.</summary>
    Member,

    /// <summary>No member, but of a system that the extensible value set does not draw from; says nothing as long as the others say nothing.</summary>
    Foreign,

    /// <summary>Alone it does not satisfy the binding.</summary>
    Faulty,
}

/// <param name="Fault">What is to be said of a faulty code; the same wrong code comes again and again, and the words take longest.</param>
internal sealed record BindingAnswer(BindingModel Binding, BindingRelation Relation, CodeFault? Fault, BindingAnswer? Before)
{
    public int Count { get; } = Before is null ? 1 : Before.Count + 1;
}

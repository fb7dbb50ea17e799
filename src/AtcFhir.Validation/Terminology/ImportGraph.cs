using System.Collections.Frozen;

namespace AtcFhir.Validation.Terminology;

/// <summary>What a value set reaches by its imports, looked at once: whether they end, and which code systems they lead to.</summary>
/// <param name="Problem">Why they do not end; null when they do.</param>
/// <param name="Systems">The code systems of all includes.</param>
/// <param name="HasUnknown">An imported value set is not known.</param>
internal sealed record ImportGraph(string? Problem, FrozenSet<string> Systems, bool HasUnknown)
{
    /// <summary>Deeper than any real value set, shallower than any stack.</summary>
    private const int MaxDepth = 64;

    public static ImportGraph Of(CompiledValueSet root, TerminologyService terminology)
    {
        var walk = new Walk(terminology);
        walk.Enter(root, root.Url);
        return new ImportGraph(walk.Problem, walk.Systems.ToFrozenSet(StringComparer.Ordinal), walk.HasUnknown);
    }

    private sealed class Walk(TerminologyService terminology)
    {
        private readonly List<string> path = [];
        private readonly HashSet<CompiledValueSet> open = [];
        private readonly HashSet<CompiledValueSet> done = [];

        public string? Problem { get; private set; }

        public HashSet<string> Systems { get; } = new(StringComparer.Ordinal);

        public bool HasUnknown { get; private set; }

        public void Enter(CompiledValueSet set, string name)
        {
            if (done.Contains(set) || Problem is not null)
            {
                return;
            }

            if (!open.Add(set))
            {
                Problem = $"value sets import each other in a circle: {string.Join(" -> ", path.SkipWhile(step => !IsSame(step, name)))} -> {name}";
                return;
            }

            if (path.Count == MaxDepth)
            {
                Problem = $"value sets import each other more than {MaxDepth} deep, from {path[0]} on";
                return;
            }

            path.Add(name);
            Systems.UnionWith(set.Includes.Select(include => include.System).OfType<string>());
            foreach (var component in set.Includes.Concat(set.Excludes))
            {
                foreach (var import in component.ValueSets)
                {
                    if (terminology.ValueSet(import) is { } other)
                    {
                        Enter(other, import);
                    }
                    else
                    {
                        HasUnknown = true;
                    }
                }
            }

            path.RemoveAt(path.Count - 1);
            open.Remove(set);
            done.Add(set);
        }

        /// <summary>With or without a version it is the same value set.</summary>
        private static bool IsSame(string left, string right) => left.Split('|')[0] == right.Split('|')[0];
    }
}

namespace AtcFhir.R4.Documents;

/// <summary>Some children of a node, in document order; enumerate with foreach. A view: nothing is copied or allocated.</summary>
public readonly struct NodeChildren
{
    internal const int AnyElement = -1;

    private readonly Node parent;
    private readonly int element;

    internal NodeChildren(Node parent, int element) => (this.parent, this.element) = (parent, element);

    public bool IsEmpty => !First.Exists;

    /// <summary>The first one, or no node.</summary>
    public Node First
    {
        get
        {
            var enumerator = GetEnumerator();
            return enumerator.MoveNext() ? enumerator.Current : default;
        }
    }

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var _ in this)
            {
                count++;
            }

            return count;
        }
    }

    public List<Node> ToList()
    {
        List<Node> list = [];
        foreach (var node in this)
        {
            list.Add(node);
        }

        return list;
    }

    public Enumerator GetEnumerator() => new(parent, element);

    public struct Enumerator
    {
        private readonly ResourceDocument? document;
        private readonly int element;
        private int next;
        private int current;

        internal Enumerator(Node parent, int element)
        {
            document = parent.Document;
            this.element = element;
            next = document is null ? -1 : document.Rows[parent.Index].FirstChild;
            current = -1;
        }

        public readonly Node Current => new(document!, current);

        public bool MoveNext()
        {
            while (next >= 0)
            {
                ref readonly var row = ref document!.Rows[next];
                if (element < 0 || row.Element == element)
                {
                    (current, next) = (next, row.Next);
                    return true;
                }

                if (current >= 0)
                {
                    // The occurrences of one element stand together: a Bundle of ten thousand entries is not walked for its type.
                    next = -1;
                    return false;
                }

                next = row.Next;
            }

            return false;
        }
    }
}

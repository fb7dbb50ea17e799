using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// What the process takes on at once: requests that are being worked on, and bytes of bodies and answers that wait in memory. Who comes on top is told to try
/// later, so that memory does not grow with the number of clients, their speed or the size of what they send. One for all endpoints of the process.
/// </summary>
internal sealed class Admission
{
    private readonly int mostRequests;
    private readonly long mostBytes;
    private int requests;
    private long bytes;

    public Admission(int mostRequests, long mostBytes) => (this.mostRequests, this.mostBytes) = (mostRequests, mostBytes);

    public static Failure Full { get; } = new(FailureKind.Busy, IssueCode.Throttled, "The server works on as much as it can hold; try again later.");

    /// <summary>What one request takes of it, until it is disposed.</summary>
    public Share Begin() => new(this);

    internal sealed class Share(Admission admission) : IDisposable
    {
        private bool works;
        private long held;

        /// <summary>One more request is worked on; false when there are too many.</summary>
        public bool TryWork()
        {
            works = Interlocked.Increment(ref admission.requests) <= admission.mostRequests;
            if (!works)
            {
                Interlocked.Decrement(ref admission.requests);
            }

            return works;
        }

        /// <summary>False when nothing more can be held, so that an answer need not be made to be refused.</summary>
        public bool HasRoom => Volatile.Read(ref admission.bytes) < admission.mostBytes;

        /// <summary>This many bytes more are held; false when there are too many. Who is alone may hold what it likes.</summary>
        public bool TryHold(long more)
        {
            var all = Interlocked.Add(ref admission.bytes, more);
            held += more;
            if (all <= admission.mostBytes || all == held)
            {
                return true;
            }

            Interlocked.Add(ref admission.bytes, -more);
            held -= more;
            return false;
        }

        /// <summary>Holds them whatever stands against it: the answer to a write that is done.</summary>
        public void Hold(long more)
        {
            Interlocked.Add(ref admission.bytes, more);
            held += more;
        }

        /// <summary>Nothing is held any more.</summary>
        public void Release()
        {
            Interlocked.Add(ref admission.bytes, -held);
            held = 0;
        }

        public void Dispose()
        {
            Release();
            if (works)
            {
                works = false;
                Interlocked.Decrement(ref admission.requests);
            }
        }
    }
}

using AtcFhir.Sync.Planning;
using CsCheck;

namespace AtcFhir.Tests.Sync.Planning;

/// <summary>The laws of the planner, over a resource of three fields.</summary>
public sealed class PlannerTests
{
    private static readonly Gen<Fields> Any = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], (x, y, z) => new Fields(x, y, z));

    private static readonly Gen<Fields?> Maybe = Gen.Frequency((4, Any.Select(fields => (Fields?)fields)), (1, Gen.Const((Fields?)null)));

    private static readonly Gen<Synced<Fields>?> Agreed = Gen.Frequency((4, Any.Select(fields => (Synced<Fields>?)new Synced<Fields>(fields, fields))), (1, Gen.Const((Synced<Fields>?)null)));

    private static readonly Gen<Ownership> Owner = Gen.Enum<Ownership>();

    [Fact]
    public void NothingHappensWhenNeitherSideChanged()
        => Gen.Select(Any, Any, Owner).Sample((local, remote, owner) =>
            Assert.IsType<Decision<Fields>.Nothing>(Decide(new Synced<Fields>(local, remote), local, remote, owner)));

    [Fact]
    public void SidesThatAgreeAreOnlyTakenNoteOf()
        => Gen.Select(Agreed, Any, Owner).Sample((agreed, value, owner) =>
            Assert.True(Decide(agreed, value, value, owner) is Decision<Fields>.Absorb or Decision<Fields>.Nothing));

    [Fact]
    public void WhatWasDoneOnceNeedsNotBeDoneAgain()
        => Gen.Select(Agreed, Maybe, Maybe, Owner).Sample((agreed, local, remote, owner) =>
        {
            var (after, newLocal, newRemote, isConflict) = Apply(agreed, local, remote, Decide(agreed, local, remote, owner));
            var again = Decide(after, newLocal, newRemote, owner);
            Assert.True(isConflict ? again is Decision<Fields>.Conflict : again is Decision<Fields>.Nothing or Decision<Fields>.Absorb, again.ToString());
        });

    [Fact]
    public void EditsOfDifferentFieldsAreMergedTheSameWhoeverMadeThem()
        => Gen.Select(Any, Gen.Int[4, 9], Gen.Int[4, 9]).Sample((start, x, y) =>
        {
            var agreed = new Synced<Fields>(start, start);
            var one = Decide(agreed, start with { X = x }, start with { Y = y }, Ownership.Shared);
            var other = Decide(agreed, start with { Y = y }, start with { X = x }, Ownership.Shared);
            Assert.Equal(new Decision<Fields>.Merge(start with { X = x, Y = y }), one);
            Assert.Equal(one, other);
        });

    [Fact]
    public void EditsOfTheSameFieldAreNeverDecidedSilently()
        => Gen.Select(Any, Gen.Int[4, 6], Gen.Int[7, 9]).Sample((start, mine, theirs) =>
            Assert.IsType<Decision<Fields>.Conflict>(Decide(new Synced<Fields>(start, start), start with { X = mine }, start with { X = theirs }, Ownership.Shared)));

    [Fact]
    public void WhatTheHospitalOwnsIsNeverSent()
        => Gen.Select(Agreed, Maybe, Maybe).Sample((agreed, local, remote) =>
            Assert.False(Decide(agreed, local, remote, Ownership.Hospital) is Decision<Fields>.SendLocal or Decision<Fields>.Merge));

    [Fact]
    public void WhatTheTrialOwnsIsNeverOverwrittenByTheHospitalNorTheHospitalsEditByUs()
        => Gen.Select(Agreed, Maybe, Maybe).Sample((agreed, local, remote) =>
        {
            var decision = Decide(agreed, local, remote, Ownership.Trial);
            Assert.False(decision is Decision<Fields>.TakeRemote or Decision<Fields>.RemoveLocal or Decision<Fields>.Merge);
            if (agreed is not null && remote is not null && remote != agreed.Remote && remote != local)
            {
                Assert.IsType<Decision<Fields>.Conflict>(decision);
            }
        });

    [Fact]
    public void TheServersSpellingOfWhatWeSentIsNoEdit()
    {
        var (sent, respelled) = (new Fields(1, 1, 1), new Fields(9, 9, 9));
        Assert.IsType<Decision<Fields>.Nothing>(Decide(new Synced<Fields>(sent, respelled), sent, respelled, Ownership.Trial));
        Assert.Equal(new Decision<Fields>.SendLocal(sent with { X = 2 }), Decide(new Synced<Fields>(sent, respelled), sent with { X = 2 }, respelled, Ownership.Trial));
    }

    private static Decision<Fields> Decide(Synced<Fields>? agreed, Fields? local, Fields? remote, Ownership owner) => Planner.Decide(agreed, local, remote, owner, FieldRules.Instance);

    private static (Synced<Fields>? Agreed, Fields? Local, Fields? Remote, bool IsConflict) Apply(Synced<Fields>? agreed, Fields? local, Fields? remote, Decision<Fields> decision) => decision switch
    {
        Decision<Fields>.TakeRemote take => (new(take.Value, take.Value), take.Value, remote, false),
        Decision<Fields>.SendLocal send => (new(send.Value, send.Value), local, send.Value, false),
        Decision<Fields>.Merge merge => (new(merge.Value, merge.Value), merge.Value, merge.Value, false),
        Decision<Fields>.RemoveLocal => (null, null, remote, false),
        Decision<Fields>.Absorb => (local is null || remote is null ? null : new(local, remote), local, remote, false),
        Decision<Fields>.Conflict => (agreed, local, remote, true),
        _ => (agreed, local, remote, false),
    };

    internal sealed record Fields(int X, int Y, int Z);

    private sealed class FieldRules : IMergeable<Fields>
    {
        public static FieldRules Instance { get; } = new();

        public bool AreSame(Fields left, Fields right) => left == right;

        public (Fields? Merged, IReadOnlyList<string> Conflicts) Merge(Fields @base, Fields local, Fields remote)
        {
            var conflicts = new List<string>();
            var merged = new Fields(One("x", @base.X, local.X, remote.X), One("y", @base.Y, local.Y, remote.Y), One("z", @base.Z, local.Z, remote.Z));
            return (conflicts.Count == 0 ? merged : null, conflicts);

            int One(string name, int was, int mine, int theirs)
            {
                if (mine == theirs || theirs == was)
                {
                    return mine;
                }

                if (mine != was)
                {
                    conflicts.Add(name);
                }

                return theirs;
            }
        }
    }
}

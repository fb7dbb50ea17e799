using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>toChars(), split() and join(): strings to collections and back. <see href="https://hl7.org/fhirpath/N1/#tochars--collection"/></summary>
internal static class TextCollections
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("toChars", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "toChars() works on a String");
            return new(new CollectionOperation(call.Position, input.Operation, null, static (run, position, items, _, output) =>
            {
                foreach (var rune in Texts.Only(run, position, items).EnumerateRunes())
                {
                    run.Step();
                    output.Add(rune.ToString());
                }
            }), StaticType.Of(FhirPathKind.String).AsMany());
        }),
        new("split", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "split() works on a String");
            return new(new CollectionOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation, static (run, position, items, separator, output) =>
            {
                if (items.Count == 0 || separator.Count == 0)
                {
                    return;
                }

                foreach (var part in Texts.Only(run, position, items).Split(Texts.Only(run, position, separator)))
                {
                    run.Step();
                    output.Add(part);
                }
            }), StaticType.Of(FhirPathKind.String).AsMany());
        }),
        new("join", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 1);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "join() works on Strings");
            var separator = call.Arguments.Count == 0 ? null : binder.Bind(call.Arguments[0]).Operation;
            return new(new CollectionOperation(call.Position, input.Operation, separator, static (run, position, items, separator, output) =>
            {
                if (items.Count > 0)
                {
                    var joined = string.Join(separator.Count == 0 ? "" : Texts.Only(run, position, separator), Texts.All(run, position, items));
                    run.StepText(joined);
                    output.Add(joined);
                }
            }), StaticType.Of(FhirPathKind.String));
        }),
    ];
}

/// <summary>Texts of collections that must be strings.</summary>
internal static class Texts
{
    public static string Only(Evaluation run, int position, ItemList list)
        => list.Count > 1 ? throw run.ManyItems(position, list.Count) : list.Count == 0 ? "" : Text(run, position, list[0]);

    public static List<string> All(Evaluation run, int position, ItemList list)
    {
        var texts = new List<string>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            texts.Add(Text(run, position, list[i]));
        }

        return texts;
    }

    private static string Text(Evaluation run, int position, FhirPathItem item) => item.ToSystem() switch
    {
        { Kind: FhirPathKind.String } value => value.String,
        { Kind: FhirPathKind.None } => "",
        _ => throw run.Fault(position, "a String is expected here; use toString()."),
    };
}

using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>The functions that FHIR R4 adds. <see href="https://hl7.org/fhir/R4/fhirpath.html#functions"/></summary>
internal static class FhirFunctions
{
    private static readonly StaticType Boolean = StaticType.Of(FhirPathKind.Boolean);

    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("extension", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            var url = binder.Bind(call.Arguments[0]);
            Binder.ExpectKinds(url.Type, KindSet.String, call.Arguments[0].Position, "the URL of an extension must be a String");
            return new(new ExtensionOperation(call.Position, input.Operation, url.Operation), StaticType.Of(R4Definitions.Find("Extension")!).AsMany());
        }),
        new("hasValue", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new HasValueOperation(call.Position, input.Operation), Boolean);
        }),
        new("getValue", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new GetValueOperation(call.Position, input.Operation), StaticType.Of(input.Type.Convertible));
        }),
        new("resolve", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new ResolveOperation(call.Position, input.Operation), StaticType.Unknown with { IsSingle = input.Type.IsSingle });
        }),
        new("conformsTo", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new ConformsToOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation), Boolean);
        }),
        new("memberOf", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new MemberOfOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation), Boolean);
        }),
        Subsumption("subsumes", inverse: false),
        Subsumption("subsumedBy", inverse: true),
        new("htmlChecks", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new HtmlChecksOperation(call.Position, input.Operation), Boolean);
        }),
        new("comparable", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            Binder.ExpectKinds(input.Type, KindSet.Measured, call.Position, "comparable() works on a Quantity");
            return new(new ComparableOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation), Boolean);
        }),
        new("checkModifiers", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, int.MaxValue);
            return new(new CheckModifiersOperation(call.Position, input.Operation, [.. call.Arguments.Select(argument => binder.Bind(argument).Operation)]), input.Type);
        }),

        // Definitions are no part of an evaluation here: there is nothing to answer.
        Nothing("elementDefinition", 0),
        Nothing("slice", 2),
    ];

    private static CollectionFunction Subsumption(string name, bool inverse) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, 1, 1);
        return new(new SubsumesOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation, name, inverse), Boolean);
    });

    private static CollectionFunction Nothing(string name, int arguments) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, arguments, arguments);
        return new(new ConstantOperation(call.Position, default), StaticType.Unknown);
    });
}

using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Generator;

/// <summary>Compiles the StructureDefinitions of types and resources; <see cref="TypeLoader"/> reads what it writes.</summary>
internal sealed class TypeCompiler
{
    private const string StructurePrefix = "http://hl7.org/fhir/StructureDefinition/";
    private const string FhirType = StructurePrefix + "structuredefinition-fhir-type";
    private const string MaxValueSet = StructurePrefix + "elementdefinition-maxValueSet";

    private readonly Dictionary<string, JsonElement> structures;
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly List<(string Name, TypeKind Kind, JsonElement Structure, JsonElement Root)> order = [];
    private readonly ValueSetCodes codes;
    private readonly CompactWriter writer = new();

    private TypeCompiler(DefinitionSource source)
    {
        structures = source.Types.ToDictionary(structure => structure.Required("type"), StringComparer.Ordinal);
        codes = new ValueSetCodes(source);
    }

    public static byte[] Compile(DefinitionSource source) => new TypeCompiler(source).Compile();

    private byte[] Compile()
    {
        foreach (var name in structures.Keys.Order(StringComparer.Ordinal))
        {
            Place(name);
        }

        writer.List(order, type =>
        {
            writer.Text(type.Name);
            writer.Number((int)type.Kind);
            writer.Number((int)PrimitiveKindOf(type.Name, type.Kind));
            writer.Number(type.Kind != TypeKind.Backbone && type.Structure.True("abstract") ? 1 : 0);
            writer.Number(BaseOf(type.Kind, type.Structure, type.Root) is { } parent ? ordinals[parent] + 1 : 0);
        });
        foreach (var (name, _, structure, root) in order)
        {
            writer.List(root.Items("constraint"), WriteConstraint);
            writer.List(ChildrenOf(structure, name), element => WriteElement(structure, element));
        }

        return writer.ToArray();
    }

    /// <summary>Bases come before what specialises them, backbones after their owner.</summary>
    private void Place(string name)
    {
        if (ordinals.ContainsKey(name))
        {
            return;
        }

        var structure = structures[name];
        var kind = structure.Required("kind") switch
        {
            "primitive-type" => TypeKind.Primitive,
            "complex-type" => TypeKind.Complex,
            "resource" => TypeKind.Resource,
            var other => throw new InvalidDataException($"{name} is a {other}"),
        };
        if (structure.Text("baseDefinition") is { } parent)
        {
            Place(parent[StructurePrefix.Length..]);
        }

        Add(name, kind, structure, Elements(structure).First());
        foreach (var element in Elements(structure).Skip(1).Where(element => IsBackbone(structure, element)))
        {
            Place(BaseOf(TypeKind.Backbone, structure, element)!);
            Add(element.Required("path"), TypeKind.Backbone, structure, element);
        }
    }

    private void Add(string name, TypeKind kind, JsonElement structure, JsonElement root)
    {
        ordinals.Add(name, order.Count);
        order.Add((name, kind, structure, root));
    }

    private static string? BaseOf(TypeKind kind, JsonElement structure, JsonElement root) => kind == TypeKind.Backbone
        ? root.Items("type").Single().Required("code")
        : structure.Text("baseDefinition")?[StructurePrefix.Length..];

    private static PrimitiveKind PrimitiveKindOf(string name, TypeKind kind)
        => kind == TypeKind.Primitive ? Enum.Parse<PrimitiveKind>(name, ignoreCase: true) : PrimitiveKind.None;

    private static IEnumerable<JsonElement> Elements(JsonElement structure) => structure.GetProperty("differential").Items("element");

    private static bool IsBackbone(JsonElement structure, JsonElement element)
        => Elements(structure).Any(other => other.Required("path").StartsWith(element.Required("path") + ".", StringComparison.Ordinal));

    /// <summary>The own elements of a type or backbone. The value of a primitive is the JSON value itself and no element.</summary>
    private static IEnumerable<JsonElement> ChildrenOf(JsonElement structure, string parent)
        => structure.Required("kind") == "primitive-type" ? [] : Elements(structure).Where(element => ParentOf(element.Required("path")) == parent);

    private static string ParentOf(string path) => path.LastIndexOf('.') is > 0 and var dot ? path[..dot] : "";

    private void WriteElement(JsonElement structure, JsonElement element)
    {
        var path = element.Required("path");
        var backbone = IsBackbone(structure, element);
        var max = element.Required("max");
        writer.Text(path);
        writer.Number(int.Parse(element.Required("min"), CultureInfo.InvariantCulture));
        writer.Number(max == "*" ? 0 : int.Parse(max, CultureInfo.InvariantCulture));
        writer.Number((element.True("isModifier") ? 1 : 0) | (element.True("isSummary") ? 2 : 0));
        if (element.Text("contentReference") is { } reference)
        {
            writer.Number(1);
            WriteType(reference.TrimStart('#'), [], []);
        }
        else if (backbone)
        {
            writer.Number(1);
            WriteType(path, [], []);
        }
        else
        {
            writer.List(element.Items("type"), type => WriteType(TypeName(type), type.Texts("profile"), type.Texts("targetProfile")));
        }

        WriteBinding(element);

        // The invariants of a backbone stand on its type, so that a content reference to it has them too.
        writer.List(backbone ? [] : element.Items("constraint"), WriteConstraint);
    }

    private static string TypeName(JsonElement type)
    {
        var code = type.Required("code");
        return code.StartsWith("http://hl7.org/fhirpath/System.", StringComparison.Ordinal) ? type.Extension(FhirType) ?? "string" : code;
    }

    private void WriteType(string name, IEnumerable<string> profiles, IEnumerable<string> targets)
    {
        writer.Number(ordinals[name]);
        writer.Texts(profiles);
        writer.Texts(targets);
    }

    private void WriteBinding(JsonElement element)
    {
        if (!element.TryGetProperty("binding", out var binding))
        {
            writer.Number(0);
            return;
        }

        var strength = Enum.Parse<BindingStrength>(binding.Required("strength"), ignoreCase: true);
        var valueSet = binding.Text("valueSet");
        var allowed = strength == BindingStrength.Required && valueSet is not null ? codes.Of(valueSet) : null;
        writer.Number((int)strength + 1);
        writer.Text(valueSet);
        writer.Text(binding.Extension(MaxValueSet));
        writer.Number(allowed is null ? 0 : 1);
        if (allowed is not null)
        {
            writer.Texts(allowed);
        }
    }

    private void WriteConstraint(JsonElement constraint)
    {
        writer.Text(constraint.Required("key"));
        writer.Number(constraint.Required("severity") == "error" ? 1 : 0);
        writer.Text(constraint.Required("human"));
        writer.Text(constraint.Required("expression"));
    }
}

using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>The element tree of an R4 type, made from its schema; what a profile of it starts from.</summary>
internal static class BaseSnapshots
{
    private const string Prefix = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>The type that the URL of a base definition names, or null.</summary>
    public static TypeSchema? TypeOf(string url)
    {
        var bar = url.IndexOf('|', StringComparison.Ordinal);
        var plain = bar < 0 ? url : url[..bar];
        return plain.StartsWith(Prefix, StringComparison.Ordinal) && R4Definitions.Find(plain[Prefix.Length..]) is { Kind: not TypeKind.Backbone } type ? type : null;
    }

    public static ElementNode Of(TypeSchema type)
    {
        var root = new ElementNode(new ElementModel { Id = type.Name, Path = type.Name, Min = 0, Max = int.MaxValue, Constraints = type.Constraints }, null);
        AddChildren(root, type);
        return root;
    }

    /// <summary>Adds the elements of the type, and those of its backbones, below the node.</summary>
    public static void AddChildren(ElementNode node, TypeSchema type)
    {
        foreach (var element in type.Elements)
        {
            var child = new ElementNode(ModelOf(element, node.Model, type), node);
            node.Children.Add(child);
            if (element.Types.Count == 1 && element.Types[0].Type is { Kind: TypeKind.Backbone } backbone && child.Model.ContentReference is null)
            {
                AddChildren(child, backbone);
            }
        }
    }

    private static ElementModel ModelOf(ElementSchema element, ElementModel parent, TypeSchema parentType)
    {
        var name = element.IsChoice ? element.Name + "[x]" : element.Name;
        var backbone = element.Types.Count == 1 && element.Types[0].Type.Kind == TypeKind.Backbone ? element.Types[0].Type : null;
        return new ElementModel
        {
            Id = parent.Id + "." + name,
            Path = parent.Path + "." + name,
            Min = element.Min,
            Max = element.Max,
            // A recursive element, such as Questionnaire.item.item, has the backbone type of the element it repeats.
            ContentReference = backbone is not null && backbone.Name != element.Path ? "#" + backbone.Name : null,
            Types = backbone is not null && backbone.Name != element.Path ? null : [.. element.Types.Select(ModelOf)],
            Binding = element.Binding is { } binding ? new BindingModel(binding.Strength, binding.ValueSet, binding.MaxValueSet) : null,
            Constraints = element.Constraints,
            // The extensions of data types are sliced by url from the start; those of resources and backbones when a profile names one.
            Slicing = element.Path == "Element.extension" && parentType.Kind != TypeKind.Backbone ? SlicingModel.ByUrl : null,
            IsModifier = element.IsModifier,
        };
    }

    private static TypeModel ModelOf(ElementType type)
        => new(type.Type.Kind == TypeKind.Backbone ? type.Type.Base?.Name ?? "BackboneElement" : type.Type.Name, type.Profiles, type.TargetProfiles, [], null);
}

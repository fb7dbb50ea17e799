namespace AtcFhir.Validation.Instance;

/// <summary>The elements and attributes that a narrative may have. <see href="https://hl7.org/fhir/R4/narrative.html#xhtml"/></summary>
internal static class XhtmlVocabulary
{
    public const string Namespace = "http://www.w3.org/1999/xhtml";

    public static string[] Elements { get; } = Words(
        """
        p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd sub sup ul ol li
        dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map area ins del
        """);

    /// <summary>Those of every element.</summary>
    public static string[] Attributes { get; } = Words(
        """
        title style class id ID lang xml:lang xml:space dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan
        colspan
        """);

    /// <summary>Those of one element, as element.attribute.</summary>
    public static string[] ElementAttributes { get; } = Words(
        """
        a.charset a.type a.name a.href a.hreflang a.rel a.rev a.shape a.coords img.src img.alt img.longdesc img.height img.width img.usemap
        img.ismap img.border img.name map.name area.shape area.coords area.href area.nohref area.alt table.summary table.width table.border
        table.frame table.rules table.cellspacing table.cellpadding table.bgcolor table.height pre.space td.nowrap th.nowrap td.bgcolor td.height
        th.bgcolor tr.bgcolor tr.height blockquote.cite q.cite ul.type ol.type ol.start li.value li.type br.clear hr.size hr.width hr.noshade
        ins.cite del.cite ins.datetime del.datetime
        """);

    private static string[] Words(string list) => list.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}

using AtcFhir.Benchmarks;

return args switch
{
    ["store", .. var rest] => await StoreBenchmark.Run(rest),
    _ => 0,
};

using AtcFhir.Tests.Store.Search;

namespace AtcFhir.Tests.Store;

// The behaviour of the store is stated once; each class here has it hold on PostgreSQL too.
public class AuditTestsOnPostgres : AuditTests;

public class BruteForceTestsOnPostgres : BruteForceTests;

public class CombinedSearchTestsOnPostgres : CombinedSearchTests;

public class ConformanceTestsOnPostgres : ConformanceTests;

public class DurabilityTestsOnPostgres : DurabilityTests;

public class ExamplesRoundTripTestsOnPostgres : ExamplesRoundTripTests;

public class FeedTestsOnPostgres : FeedTests;

public class IndexTestsOnPostgres : IndexTests;

public class RecordTestsOnPostgres : RecordTests;

public class SearchTestsOnPostgres : SearchTests;

public class SortByDateTestsOnPostgres : SortByDateTests;

public class SideTableTestsOnPostgres : SideTableTests;

public class WriteTestsOnPostgres : WriteTests;

public class FilterTestsOnPostgres : FilterTests;

public class TextSearchTestsOnPostgres : TextSearchTests;

public class TokenExpansionTestsOnPostgres : TokenExpansionTests;

public class ModelTestsOnPostgres : ModelTests;

public class ContainedTestsOnPostgres : ContainedTests;

public class HierarchyTestsOnPostgres : HierarchyTests;

public class NearTestsOnPostgres : NearTests;

public class ReindexingTestsOnPostgres : ReindexingTests;

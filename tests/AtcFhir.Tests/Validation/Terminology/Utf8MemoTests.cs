using System.Text;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Tests.Validation.Terminology;

public class Utf8MemoTests
{
    [Fact]
    public void RemembersByText()
    {
        var memo = new Utf8Memo<string?>(64);
        memo.Add("a"u8, "first");
        memo.Add(""u8, null);
        Assert.True(memo.TryGet("a"u8, out var first) && first == "first");
        Assert.True(memo.TryGet(""u8, out var second) && second is null);
        Assert.False(memo.TryGet("b"u8, out _));
    }

    [Fact]
    public void ForgetsRatherThanToAnswerWrong()
    {
        var memo = new Utf8Memo<int>(16);
        var known = 0;
        for (var i = 0; i < 1000; i++)
        {
            memo.Add(Encoding.UTF8.GetBytes($"code-{i}"), i);
        }

        for (var i = 0; i < 1000; i++)
        {
            if (memo.TryGet(Encoding.UTF8.GetBytes($"code-{i}"), out var answer))
            {
                known++;
                Assert.Equal(i, answer);
            }
        }

        Assert.InRange(known, 1, 16);
    }

    [Fact]
    public void DoesNotRememberLongTexts()
    {
        var memo = new Utf8Memo<int>(16);
        var text = new byte[Utf8Memo<int>.LongestKey + 1];
        memo.Add(text, 1);
        Assert.False(memo.TryGet(text, out _));
    }
}

using System.Text;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Tests.Validation.Terminology;

public class Utf8MemoTests
{
    [Fact]
    public void RemembersByTextAndScope()
    {
        var memo = new Utf8Memo<int>(64);
        var scope = new object();
        memo.Add(scope, "a"u8, 1);
        memo.Add(null, "a"u8, 2);
        Assert.True(memo.TryGet(scope, "a"u8, out var first) && first == 1);
        Assert.True(memo.TryGet(null, "a"u8, out var second) && second == 2);
        Assert.False(memo.TryGet(new object(), "a"u8, out _));
        Assert.False(memo.TryGet(scope, "b"u8, out _));
    }

    [Fact]
    public void ForgetsRatherThanToAnswerWrong()
    {
        var memo = new Utf8Memo<int>(16);
        var known = 0;
        for (var i = 0; i < 1000; i++)
        {
            memo.Add(null, Encoding.UTF8.GetBytes($"code-{i}"), i);
        }

        for (var i = 0; i < 1000; i++)
        {
            if (memo.TryGet(null, Encoding.UTF8.GetBytes($"code-{i}"), out var answer))
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
        memo.Add(null, text, 1);
        Assert.False(memo.TryGet(null, text, out _));
    }
}

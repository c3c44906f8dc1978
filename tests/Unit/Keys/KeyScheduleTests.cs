using OAuthMcp.Domain.Keys;

namespace OAuthMcp.Unit.Keys;

/// <summary>When a key signs and until when it verifies, whatever operators, restarts and other processes do.</summary>
public sealed class KeyScheduleTests
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Algorithms = ["ES256", "RS256"];

    [Fact]
    public void H3_a_key_of_another_algorithm_ends_nothing()
    {
        var key = Key("a", "ES256", 0);
        var schedule = new KeySchedule([key, Key("b", "RS256", 5)], TokenLifetime);
        Assert.Null(schedule.EndOf(key));
        Assert.True(schedule.Verifies(key, Start.AddYears(1)));
        Assert.Equal(key, schedule.FindSigning("ES256", Start.AddYears(1)));
    }

    [Fact]
    public void W_06_the_next_key_of_its_algorithm_ends_a_key_one_token_life_later()
    {
        var (key, next) = (Key("a", "ES256", 0), Key("b", "ES256", 10));
        var schedule = new KeySchedule([next, key], TokenLifetime);
        Assert.Equal(key, schedule.FindSigning("ES256", Start.AddMinutes(10).AddTicks(-1)));
        Assert.Equal(next, schedule.FindSigning("ES256", Start.AddMinutes(10)));
        Assert.True(schedule.Verifies(key, Start.AddMinutes(71).AddTicks(-1)));
        Assert.False(schedule.Verifies(key, Start.AddMinutes(71)));
        Assert.Null(schedule.EndOf(next));
    }

    [Fact]
    public void L5_a_withdrawn_key_neither_signs_nor_verifies_and_brings_none_back()
    {
        var (key, withdrawn) = (Key("a", "ES256", 0), Key("b", "ES256", 10) with { IsWithdrawn = true });
        var schedule = new KeySchedule([key, withdrawn], TokenLifetime);
        var now = Start.AddDays(1);
        Assert.False(schedule.Verifies(withdrawn, now));
        Assert.False(schedule.Verifies(key, now));
        Assert.Null(schedule.FindSigning("ES256", now));
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void L5_the_key_that_takes_its_place_in_the_same_instant_signs(string withdrawn, string successor)
    {
        var schedule = new KeySchedule([Key(withdrawn, "ES256", 0) with { IsWithdrawn = true }, Key(successor, "ES256", 0)], TokenLifetime);
        Assert.Equal(successor, schedule.FindSigning("ES256", Start)?.KeyId);
    }

    [Fact]
    public void H3_what_signs_verifies_until_its_tokens_expire_through_any_sequence_of_events()
    {
        for (var seed = 0; seed < 500; seed++)
            new Sequence(seed).Run();
    }

    private static KeyTimes Key(string id, string algorithm, int minute) => new(id, algorithm, Start.AddMinutes(minute), false);

    /// <summary>Servers with one key store: each knows the keys of its last look, which is half a minute old at most.</summary>
    private sealed class Sequence(int seed)
    {
        private readonly Random random = new(seed);
        private readonly List<KeyTimes> stored = [];
        private readonly List<(KeyTimes Key, DateTimeOffset ExpiresAt)> tokens = [];
        private DateTimeOffset now = Start;
        private string algorithm = Algorithms[0];
        private KeySchedule seen = new([], TokenLifetime);

        public void Run()
        {
            Look();
            for (var step = 0; step < 40; step++)
            {
                switch (random.Next(4))
                {
                    case 0: // keys rotate, in a shell that may know another algorithm
                        stored.Add(Made(Algorithms[random.Next(2)], now + KeySchedule.Announcement));
                        break;
                    case 1: // a restart, perhaps with another algorithm
                        algorithm = Algorithms[random.Next(2)];
                        Look();
                        break;
                    case 2:
                        Pass(TimeSpan.FromSeconds(random.Next(30)));
                        break;
                    default:
                        Pass(TimeSpan.FromMinutes(random.Next(90)));
                        break;
                }

                SignAndCheck();
            }
        }

        private void Pass(TimeSpan duration)
        {
            var first = duration < TimeSpan.FromSeconds(30) ? duration : TimeSpan.FromSeconds(30);
            now += first;
            SignAndCheck();
            Look();
            now += duration - first;
            SignAndCheck();
            Look();
        }

        private void Look()
        {
            if (new KeySchedule(stored, TokenLifetime).FindSigning(algorithm, now) is null)
                stored.Add(Made(algorithm, now));
            seen = new KeySchedule(stored, TokenLifetime);
        }

        private void SignAndCheck()
        {
            var key = seen.FindSigning(algorithm, now);
            Assert.True(key is not null, $"Seed {seed}: nothing signs.");
            tokens.Add((key, now + TokenLifetime));
            tokens.RemoveAll(token => token.ExpiresAt <= now);
            Assert.All(tokens, token => Assert.True(seen.Verifies(token.Key, now), $"Seed {seed}: {token.Key} at {now:u}."));
        }

        private KeyTimes Made(string of, DateTimeOffset activeFrom) => new($"key{stored.Count:000}", of, activeFrom, false);
    }
}

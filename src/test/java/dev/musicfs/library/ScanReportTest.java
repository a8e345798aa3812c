package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.library.ScanProgress.Progress;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ScanReportTest {
    private static final OriginId ORIGIN = new OriginId("nas");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nowNanos;

    private ScanReport report(boolean terminal) {
        Clock clock = new Clock() {
            @Override
            public long monotonicNanos() {
                return nowNanos;
            }

            @Override
            public long wallNanos() {
                return nowNanos;
            }
        };
        return new ScanReport(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void plainLinesComeEveryTenSecondsAndAtTheEnd() {
        ScanReport report = report(false);
        report.report(new Progress(ORIGIN, 10, 10, 0, OptionalLong.empty(), false));
        nowNanos += Duration.ofSeconds(5).toNanos();
        report.report(new Progress(ORIGIN, 20, 20, 0, OptionalLong.empty(), false));
        assertThat(printed()).isEmpty();
        nowNanos += Duration.ofSeconds(5).toNanos();
        report.report(new Progress(ORIGIN, 100, 90, 1, OptionalLong.of(300), false));
        nowNanos += Duration.ofSeconds(10).toNanos();
        report.report(new Progress(ORIGIN, 300, 290, 1, OptionalLong.of(300), true));
        assertThat(printed().lines())
                .containsExactly(
                        "musicfs: scanning nas: 100 files, 90 new, 1 unreadable, 10 files/s, 20 s left",
                        "musicfs: scanned nas: 300 files, 290 new, 1 unreadable, 15 files/s");
    }

    @Test
    void terminalLineRewritesItself() {
        ScanReport report = report(true);
        report.report(new Progress(ORIGIN, 0, 0, 0, OptionalLong.empty(), false));
        nowNanos += Duration.ofSeconds(1).toNanos();
        report.report(new Progress(ORIGIN, 7, 7, 0, OptionalLong.empty(), false));
        assertThat(printed()).startsWith("\r").doesNotContain("\n").contains("7 files");
    }
}

package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResilienceReportTest {
    @TempDir
    private Path directory;

    @Test
    void saysOfEachTestOfEachRowWhatBecameOfIt() throws Exception {
        report("a", "dev.musicfs.AIT", "good", "");
        report("b", "dev.musicfs.BTest", "bad", "<failure message=\"no\">at x</failure>");
        report("c", "dev.musicfs.CTest", "left", "<skipped/>");
        report("d", "dev.musicfs.DTest", "broken", "<error type=\"x\"/>");

        ResilienceReport report = of(Map.of(
                "1.1 | x | proven", List.of("AIT#good", "BTest#bad"),
                "1.2 | x | partial", List.of("CTest#left"),
                "1.3 | x | open", List.of(),
                "1.4 | x | partial", List.of("DTest#broken"),
                "1.5 | x | partial", List.of("ETest#missing")));

        assertThat(report.summary())
                .containsExactly(
                        "1.1    proven   1 failed, 1 passed",
                        "1.2    partial  1 skipped",
                        "1.3    open     -",
                        "1.4    partial  1 failed",
                        "1.5    partial  1 not run");
        assertThat(report.page())
                .contains(
                        "| 1.1 | x | proven | `AIT#good`: passed, `BTest#bad`: failed |",
                        "| 1.3 | x | open |  |",
                        "| 1.5 | x | partial | `ETest#missing`: not run |");
        assertThat(report.unproven())
                .containsExactly(
                        "row 1.1 is proven and BTest#bad: failed",
                        "row 1.2 is partial and CTest#left: skipped",
                        "row 1.4 is partial and DTest#broken: failed",
                        "row 1.5 is partial and ETest#missing: not run");
    }

    @Test
    void oneFailureAmongTheRunsOfATestIsAFailure() throws Exception {
        report("a", "dev.musicfs.AIT", "good{String}[1]", "");
        report("b", "dev.musicfs.AIT", "good{String}[2]", "<failure/>");
        report("c", "dev.musicfs.AIT", "better(String)[1]", "<skipped/>");
        report("d", "dev.musicfs.AIT", "better(String)[2]", "");

        ResilienceReport report = of("AIT#good", "AIT#better");

        assertThat(report.unproven()).containsExactly("row 1.1 is partial and AIT#good: failed");
    }

    @Test
    void aContractIsRunByThoseWhoExtendIt() throws Exception {
        report("a", MemoryOriginTest.class.getName(), "answersAProbe", "");

        assertThat(of("OriginContract#answersAProbe").unproven()).isEmpty();
    }

    @Test
    void testsThatHaveARunOfTheirOwnCountAsAnyOther() throws Exception {
        assertThat(of("OriginChaosTest#x").unproven()).hasSize(1);

        report("a", "dev.musicfs.OriginChaosTest", "x", "");
        assertThat(of("OriginChaosTest#x").unproven()).isEmpty();
    }

    private ResilienceReport of(String... tests) throws Exception {
        return of(Map.of("1.1 | x | partial", List.of(tests)));
    }

    private ResilienceReport of(Map<String, List<String>> rows) throws Exception {
        Map<String, List<String>> tests = new TreeMap<>();
        rows.forEach((row, named) -> tests.put(row.split(" ", 2)[0], named));
        String page = rows.keySet().stream().sorted().collect(Collectors.joining(" |\n| ", "| ", " |\n"));
        return ResilienceReport.of(page, tests, List.of(directory, directory.resolve("none")));
    }

    private void report(String file, String type, String method, String outcome) throws IOException {
        Files.writeString(
                directory.resolve("TEST-" + file + ".xml"),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"x\"><properties/><testcase name=\""
                        + method + "\" classname=\"" + type + "\" time=\"0.1\">" + outcome + "</testcase></testsuite>");
    }
}

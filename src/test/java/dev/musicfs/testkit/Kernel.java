package dev.musicfs.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine's kernel can do for this user. */
public final class Kernel {
    private static final Pattern RELEASE = Pattern.compile("([0-9]+)\\.([0-9]+).*");
    private static final int MAJOR = 6;
    private static final int MINOR = 5;

    private Kernel() {}

    /** Skips the test where a new mount cannot be put beneath a dead one: that takes root and Linux 6.5. */
    public static void assumeMountsGoBeneathOthers() {
        assumeThat(System.getProperty("user.name")).as("only root may").isEqualTo("root");
        String release = System.getProperty("os.version");
        Matcher numbers = RELEASE.matcher(release);
        assumeThat(numbers.matches()).as("Linux %s", release).isTrue();
        int major = Integer.parseInt(numbers.group(1));
        assumeThat(major > MAJOR || (major == MAJOR && Integer.parseInt(numbers.group(2)) >= MINOR))
                .as("Linux %s is not 6.5 or newer", release)
                .isTrue();
    }
}

package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program as another process would be run by a user, and gives what came of it. */
public record Shell(int exitCode, String output) {
    /** Runs to the end; standard error is part of the output. */
    public static Shell run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    /** Runs to the end; standard error is part of the output. */
    public static Shell run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        return new Shell(process.exitValue(), output);
    }

    /** Runs to the end, and fails with the output when the exit code is not 0. */
    public static void require(String... command) {
        try {
            Shell done = run(command);
            assertThat(done.exitCode())
                    .as("%s: %s", List.of(command), done.output())
                    .isZero();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(List.of(command) + " was interrupted", e);
        }
    }

    /** Runs a bash script with arguments {@code $1}, {@code $2} and so on. */
    public static Shell bash(String script, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("bash", "-c", script, "bash"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return run(command);
    }
}

package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the repository that is made from the program.
 *
 * @param path below the root of the repository
 * @param madeBy the test that makes it
 */
public record GeneratedFile(Path path, Class<?> madeBy) {
    /** The command that writes the file again. */
    public String command() {
        return "mvn test -Dtest=" + madeBy.getSimpleName() + " -Dmusicfs.write=true";
    }

    /** Fails when the file is not this text; under {@code -Dmusicfs.write=true} it is written before. */
    public void check(String text) throws IOException {
        if (Boolean.getBoolean("musicfs.write")) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, text);
        }
        assertThat(Files.exists(path) ? Files.readString(path) : "")
                .as("%s is not what the program makes; write it again: %s", path, command())
                .isEqualTo(text);
    }
}

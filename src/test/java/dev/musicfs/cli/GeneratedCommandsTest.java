package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** The page of all commands is made from what picocli is told of them. */
class GeneratedCommandsTest {
    @Test
    void thePageOfCommandsIsMadeFromTheCommands() throws IOException {
        GeneratedFile file = new GeneratedFile(Path.of("docs/COMMANDS.md"), GeneratedCommandsTest.class);
        file.check(CommandsPage.of(Programs.line(), file.command()));
    }

    @Test
    void everyCommandAndEverythingItTakesIsDescribed() {
        assertDescribed(Programs.line().getCommandSpec());
    }

    private static void assertDescribed(CommandSpec spec) {
        assertThat(spec.usageMessage().description()).as(spec.qualifiedName()).isNotEmpty();
        spec.args().stream().filter(argument -> !argument.hidden()).forEach(argument -> assertThat(
                        argument.description())
                .as(spec.qualifiedName() + " " + argument)
                .isNotEmpty());
        spec.subcommands().values().forEach(below -> assertDescribed(below.getCommandSpec()));
    }
}

package dev.musicfs.cli;

import dev.musicfs.runtime.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** The program's version for picocli. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"musicfs " + ProgramVersion.text()};
    }
}

package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jaudiotagger.tag.FieldKey;
import org.jaudiotagger.tag.KeyNotFoundException;
import org.jaudiotagger.tag.Tag;
import org.jaudiotagger.tag.TagField;
import org.jaudiotagger.tag.id3.AbstractID3v2Frame;
import org.jaudiotagger.tag.id3.AbstractID3v2Tag;
import org.jaudiotagger.tag.id3.Id3SupportingTag;
import org.jaudiotagger.tag.id3.framebody.FrameBodyTXXX;

/** A tag of the tag library. */
record LibraryTags(Tag tag) implements FieldSource {
    /** How ffmpeg and others describe the user-defined ID3 frame they write in place of iTunes' TCMP; lower-case. */
    private static final Set<String> COMPILATION_DESCRIPTIONS = Set.of("compilation", "tcmp");

    @Override
    public List<String> values(Field field) {
        List<String> values = new ArrayList<>();
        for (FieldKey key : field.libraryKeys()) {
            try {
                values.addAll(tag.getAll(key));
            } catch (KeyNotFoundException | UnsupportedOperationException notInThisKindOfTag) {
                // ID3v1 and RIFF INFO know few fields, and the library says so by throwing.
            }
        }
        if (field == Field.COMPILATION && values.isEmpty()) {
            addCompilationOfUserFrames(values);
        }
        return values;
    }

    private void addCompilationOfUserFrames(List<String> values) {
        Tag inner = tag instanceof Id3SupportingTag around ? around.getID3Tag() : tag;
        if (!(inner instanceof AbstractID3v2Tag id3)) {
            return;
        }
        for (TagField field : id3.getFields("TXXX")) {
            if (field instanceof AbstractID3v2Frame frame
                    && frame.getBody() instanceof FrameBodyTXXX user
                    && COMPILATION_DESCRIPTIONS.contains(user.getDescription().toLowerCase(Locale.ROOT))) {
                values.add(user.getText());
            }
        }
    }
}

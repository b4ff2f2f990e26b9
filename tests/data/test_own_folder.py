"""A folder of pictures: what is in it comes out, and what is wrong with it is said with the file's name."""

import struct
import threading
import zlib
from itertools import islice

import numpy as np
import pytest
import torch
from own_pictures import CLASSES, drawn, write
from PIL import Image
from test_own_arrays import refused

from course_lib.data import ImageData, folder, to_minus_one_one
from course_lib.data.batches import ahead
from course_lib.errors import DataCorrupt
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game


def save(path, array, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(array)).save(path, **how)
    return path


def black(*shape):
    """A dark picture with something bright in it."""
    array = np.zeros(shape, np.uint8)
    array[8:12, 8:12] = 200
    return array


# ---- what is taken ----


@pytest.mark.parametrize("size", [28, 48])
@pytest.mark.parametrize("colour", [False, True])
def test_every_picture_comes_back_with_its_class(tmp_path, size, colour):
    data = ImageData.folder(write(tmp_path / "own", size, colour, each=3))
    assert data.names == CLASSES and data.labels.tolist() == [0, 0, 0, 1, 1, 1] and data.name == "own"
    assert data.shape == (3 if colour else 1, size, size)
    for i, (kind, seed) in enumerate([(kind, seed) for kind in CLASSES for seed in range(3)]):
        pixels = torch.from_numpy(drawn(kind, size, seed, colour)).view(size, size, -1).permute(2, 0, 1)
        assert torch.equal(data.images[i], to_minus_one_one(pixels))


def test_pictures_without_classes_are_one_class(tmp_path):
    data = ImageData.folder(write(tmp_path, classes=False, each=2))
    assert data.names == ("all",) and data.labels.tolist() == [0] * 4


def test_a_folder_and_the_same_arrays_are_the_same_pictures(tmp_path):
    write(tmp_path, 48, True, each=2)
    arrays = np.stack([drawn(kind, 48, seed, True) for kind in CLASSES for seed in range(2)])
    options = {"size": 32, "grey": True}
    both = ImageData.folder(tmp_path, **options), ImageData.of(arrays, [0, 0, 1, 1], list(CLASSES), **options)
    assert torch.equal(both[0].images, both[1].images) and both[0].sha256 == both[1].sha256


def test_pictures_of_several_kinds_are_brought_to_one_form(tmp_path):
    save(tmp_path / "a" / "grey.png", black(40, 30))
    save(tmp_path / "a" / "deep" / "colour.jpg", black(28, 28, 3))
    save(tmp_path / "b" / "palette.gif", black(64, 64))
    Image.fromarray(black(28, 28) > 0).save(tmp_path / "b" / "bits.BMP")
    data = ImageData.folder(tmp_path, size=28, grey=True, crop=True)
    assert data.shape == (1, 28, 28) and len(data) == 4 and data.names == ("a", "b")
    assert ImageData.folder(tmp_path, size=28, grey=False, crop=True).shape == (3, 28, 28)


def test_a_camera_held_upright_gives_an_upright_picture(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to see it as it was
    array = np.zeros((16, 16), np.uint8)
    array[:8] = 255  # bright above
    save(tmp_path / "a.png", array, exif=exif)
    image = ImageData.folder(tmp_path, invert=False).images[0, 0]
    assert (image[:, 8:] == 1).all() and (image[:, :8] == -1).all()


@pytest.mark.parametrize(("mode", "channels"), [("RGBA", 3), ("LA", 1)])
def test_transparent_pixels_are_laid_on_what_is_stated(tmp_path, mode, channels):
    image = Image.fromarray(black(28, 28, 3)).convert(mode)
    image.putalpha(Image.fromarray(np.where(np.arange(28) < 14, 255, 0).astype(np.uint8)[None].repeat(28, 0)))
    image.save(tmp_path / "see_through.png")
    refused(lambda: ImageData.folder(tmp_path), "see_through.png", "alpha", "background='black'", "background='white'")
    on_black, on_white = (ImageData.folder(tmp_path, background=b, invert=False).images for b in ("black", "white"))
    assert on_black.shape == on_white.shape == (1, channels, 28, 28)
    assert (on_black[..., 14:] == -1).all() and (on_white[..., 14:] == 1).all()
    assert torch.equal(on_black[..., :14], on_white[..., :14])
    refused(lambda: ImageData.folder(tmp_path, background="green"), "'green'", "'black'")


def test_files_that_are_no_pictures_are_left_out_with_a_warning(tmp_path):
    write(tmp_path, each=2)
    (tmp_path / "disc" / "notes.txt").write_text("x")
    (tmp_path / "disc" / ".DS_Store").write_text("x")
    with pytest.warns(UserWarning, match=r"1 files .* left out \(\.txt\)"):
        assert len(ImageData.folder(tmp_path)) == 4


# ---- what is refused ----


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "one.heif", "two.avif", "three.svg"])
def test_pictures_of_a_format_that_is_not_read_are_not_left_out(tmp_path, name):
    write(tmp_path, each=2)
    (tmp_path / "disc" / name).write_bytes(b"x")
    refused(lambda: ImageData.folder(tmp_path), "1 pictures", name, "PNG or JPEG")


def test_no_folder_and_no_picture_in_it(tmp_path):
    refused(lambda: ImageData.folder(tmp_path / "nowhere"), "there is no folder", "nowhere")
    refused(lambda: ImageData.folder(tmp_path), "no picture", ".png")
    (tmp_path / "cat").mkdir()
    refused(lambda: ImageData.folder(tmp_path), "'cat'", "no picture")
    file = save(tmp_path / "a.png", black(28, 28))
    refused(lambda: ImageData.folder(file), "there is no folder")
    refused(lambda: ImageData.folder(tmp_path), "a.png", "cat", "each class")


def test_masks_of_zero_and_one_are_asked_about(tmp_path):
    save(tmp_path / "mask.png", black(28, 28) // 200)
    refused(lambda: ImageData.folder(tmp_path), "1 of 255", "values=(0, 1)")


@pytest.mark.parametrize("path", [None, 3, b"x"])
def test_what_is_no_path_is_refused(path):
    for door in (ImageData.folder, ImageData.idx, ImageData.npz):
        refused(lambda door=door: door(path), "no path")


def test_train_and_test_are_not_taken_for_classes(tmp_path):
    write(tmp_path / "train", each=2), write(tmp_path / "test", each=2)
    refused(lambda: ImageData.folder(tmp_path), "test and train", "no classes")
    assert ImageData.folder(tmp_path / "train").names == CLASSES


def test_mixed_sizes_name_both_pictures_and_the_remedy(tmp_path):
    save(tmp_path / "a.png", black(28, 28)), save(tmp_path / "b.png", black(30, 28))
    refused(lambda: ImageData.folder(tmp_path), "b.png has 30×28", "a.png has 28×28", "size=")
    refused(lambda: ImageData.folder(tmp_path, size=28), "b.png", "crop=True", "size=(28, 28)")
    assert ImageData.folder(tmp_path, size=28, crop=True).shape == (1, 28, 28)


def test_grey_beside_colour_names_the_remedy(tmp_path):
    save(tmp_path / "a.png", black(28, 28)), save(tmp_path / "b.png", black(28, 28, 3))
    refused(lambda: ImageData.folder(tmp_path), "b.png has 3 channels", "grey=True", "grey=False")


@pytest.mark.parametrize("how", ["cut", "empty", "text", "flipped"])
def test_a_picture_that_cannot_be_read_is_named_and_kept(tmp_path, how):
    write(tmp_path, each=2)
    bad = tmp_path / "disc" / "disc_001.png"
    content = bytearray(bad.read_bytes())
    if how == "flipped":
        content[len(content) // 2] ^= 255
    bad.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "text": b"no picture"}.get(how, bytes(content)))
    before = bad.read_bytes()
    refused(lambda: ImageData.folder(tmp_path), "disc_001.png", "can be read", "save it again")
    with pytest.raises(DataCorrupt):
        ImageData.folder(tmp_path)
    assert bad.read_bytes() == before


def png16(path, channels):
    """A PNG with 16 bits a channel, made by hand: Pillow writes grey ones only and reads the others with 8."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    kind = {1: 0, 3: 2}[channels]
    rows = b"".join(b"\0" + bytes(28 * 2 * channels) for _ in range(28))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 28, 28, 16, kind, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_are_refused_by_name(tmp_path, channels):
    png16(tmp_path / "deep.png", channels)
    refused(lambda: ImageData.folder(tmp_path), "deep.png", "8 bits", "values=(0, 65535)")


@pytest.mark.parametrize("mode", ["F", "I"])
def test_floats_and_integers_in_a_file_are_refused_by_name(tmp_path, mode):
    Image.fromarray(black(28, 28)).convert(mode).save(tmp_path / "deep.tif")
    refused(lambda: ImageData.folder(tmp_path), "deep.tif", "8 bits")


def test_a_film_is_no_picture(tmp_path):
    first, second = (Image.fromarray(black(28, 28) + k) for k in (0, 9))
    first.save(tmp_path / "film.gif", save_all=True, append_images=[second])
    refused(lambda: ImageData.folder(tmp_path), "film.gif holds 2 pictures")


def test_dark_ink_on_white_paper_is_asked_about(tmp_path):
    for i in range(3):
        save(tmp_path / f"{i}.png", 255 - black(28, 28))
    refused(lambda: ImageData.folder(tmp_path), "invert=True", "invert=False")
    swapped, kept = (ImageData.folder(tmp_path, invert=i).images for i in (True, False))
    assert torch.allclose(swapped, -kept) and swapped[0, 0, 0, 0] == -1


# ---- a folder larger than memory ----


def test_a_folder_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    write(tmp_path, each=4)
    monkeypatch.setattr(folder, "LARGEST", 7 * 4 * 28 * 28)
    refused(lambda: ImageData.folder(tmp_path), "8 pictures", "GiB", "stream=True", "size=")
    assert len(ImageData.folder(tmp_path, size=16)) == 8


def test_streamed_batches_are_those_of_memory_and_few_files_are_open(tmp_path, monkeypatch):
    write(tmp_path, 48, True, each=8)
    rt = Runtime.auto(device="cpu", seed=3)
    whole = ImageData.folder(tmp_path, size=28, crop=True)
    streamed = ImageData.folder(tmp_path, size=28, crop=True, stream=True)
    assert streamed.shape == whole.shape and len(streamed) == len(whole) and streamed.names == whole.names
    for (a, i), (b, j) in islice(zip(whole.stream(5, rt), streamed.stream(5, rt), strict=True), 7):
        assert torch.equal(a, b) and torch.equal(i, j)
    assert torch.equal(streamed.examples[3], whole.images[3])
    assert torch.equal(streamed.examples[whole.labels == 1], whole.images[whole.labels == 1])
    opened = []
    monkeypatch.setattr(folder, "_pixels", lambda *a, real=folder._pixels: opened.append(a) or real(*a))
    for start in (0, 2, 3):  # the next batch is read ahead, the ones before the first never
        opened.clear()
        batches = streamed.stream(4, rt, start)
        next(batches)
        batches.close()
        assert len(opened) in (4, 8)


@pytest.mark.parametrize("at_once", [1, 2**22])
def test_pictures_read_together_are_those_read_alone(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(folder, "AT_ONCE", at_once)
    for i, shape in enumerate([(30, 40, 3), (30, 40, 3), (64, 64, 3), (30, 40, 3), (30, 40, 3)]):
        save(tmp_path / f"{i}.png", np.random.default_rng(i).integers(0, 256, shape, dtype=np.uint8))
    examples = ImageData.folder(tmp_path, size=28, crop=True, stream=True).examples
    for which in (slice(None), torch.tensor([4, 2, 0, 1])):
        rows = torch.arange(5)[which].tolist()
        assert torch.equal(examples[which], torch.stack([examples.one(i) for i in rows]))


def test_what_a_stream_meets_is_raised_when_its_batch_is_due(tmp_path):
    write(tmp_path, each=8)
    rt = Runtime.auto(device="cpu", seed=3)
    streamed = ImageData.folder(tmp_path, size=28, stream=True)
    second = ImageData.folder(tmp_path, size=28).stream(4, rt, start=1)
    first = next(second)[0][0]
    bad = next(i for i in range(16) if torch.equal(streamed.examples[i], first))
    streamed.examples.files[bad].write_bytes(b"")
    batches = streamed.stream(4, rt)
    assert next(batches)[0].shape == (4, 1, 28, 28), "the first is good"
    refused(lambda: next(batches), streamed.examples.files[bad].name)


def test_items_are_made_ahead_one_at_a_time_in_their_order():
    made = []

    def items():
        for i in range(4):
            made.append((i, threading.current_thread().name))
            yield i

    before = threading.active_count()
    assert list(ahead(items())) == [0, 1, 2, 3]
    assert [i for i, _ in made] == [0, 1, 2, 3] and all("next-batch" in name for _, name in made)
    some = ahead(items())
    assert next(some) == 0
    some.close()
    assert threading.active_count() == before, "no thread is left behind"


def test_parts_of_a_stream_are_those_of_memory(tmp_path):
    write(tmp_path, each=8)
    whole, streamed = (ImageData.folder(tmp_path, size=28, stream=stream) for stream in (False, True))
    parts = [
        (data.take(3), data.of_class(1), *data.train_test_split(0.25, seed=1), data.of_class(1).take(2))
        for data in (whole, streamed)
    ]
    for of_memory, of_stream in zip(*parts, strict=True):
        assert of_stream.examples.shape == of_memory.images.shape and len(of_stream) == len(of_memory)
        assert torch.equal(of_stream.examples[:], of_memory.images)
        assert torch.equal(of_stream.labels, of_memory.labels) and of_stream.split == of_memory.split
    assert len({part.sha256 for part in (streamed, *parts[1])}) == 6
    assert streamed.take(99).sha256 == streamed.sha256
    refused(lambda: streamed.of_class(2), "class 2")


def test_a_part_of_a_stream_names_the_picture_that_told_the_form(tmp_path):
    write(tmp_path, each=2)
    part = ImageData.folder(tmp_path, size=28, stream=True).of_class(1)
    Image.new("RGB", (28, 28)).save(tmp_path / CLASSES[1] / f"{CLASSES[1]}_000.png")
    refused(lambda: part.examples[0], f"{CLASSES[1]}_000.png has 3 channels", f"{CLASSES[0]}_000.png has 1")


def test_a_game_trains_on_a_stream_as_on_memory(tmp_path):
    write(tmp_path, each=8)
    rt = Runtime.auto(device="cpu", seed=3)
    losses = []
    for stream in (False, True):
        with rt.seeded("weights"):
            game = Game(DCGenerator(8, 4), DCDiscriminator(4), batch=4)
        data = ImageData.folder(tmp_path, size=28, stream=stream)
        losses.append([record.d_loss for record in game.steps(data, 3, rt)])
    assert losses[0] == losses[1]


def test_a_stream_wants_a_size_and_names_a_broken_picture_when_it_comes(tmp_path):
    write(tmp_path, each=2)
    refused(lambda: ImageData.folder(tmp_path, stream=True), "size=")
    streamed = ImageData.folder(tmp_path, size=28, stream=True)
    assert streamed.sha256 != ImageData.folder(tmp_path, size=32, stream=True).sha256
    (tmp_path / "disc" / "disc_001.png").write_bytes(b"")
    refused(lambda: streamed.examples[:], "disc_001.png")

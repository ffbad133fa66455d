"""What the attribute models say of a face: the label sets of thesis §3.3.1."""

from typing import Final

#: Table 3.2: the 23 attributes of CelebA that matter in a lineup, by CelebA's own names.
CELEBA: Final = (
    "5_o_Clock_Shadow",
    "Bags_Under_Eyes",
    "Bald",
    "Bangs",
    "Big_Lips",
    "Big_Nose",
    "Black_Hair",
    "Blond_Hair",
    "Brown_Hair",
    "Chubby",
    "Double_Chin",
    "Goatee",
    "Gray_Hair",
    "Male",
    "Mustache",
    "Narrow_Eyes",
    "No_Beard",
    "Oval_Face",
    "Pointy_Nose",
    "Receding_Hairline",
    "Sideburns",
    "Straight_Hair",
    "Wavy_Hair",
)

#: The three heads of the CelebA model (§3.3.2). Of the first group, a person has exactly one in most cases.
HAIR: Final = ("Bald", "Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair")
GENDER: Final = ("Male",)
REMAINING: Final = tuple(label for label in CELEBA if label not in HAIR + GENDER)

#: FairFace's age groups in years, and ethnicity groups.
AGES: Final = ("0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+")
RACES: Final = (
    "White",
    "Black",
    "Latino_Hispanic",
    "East Asian",
    "Southeast Asian",
    "Indian",
    "Middle Eastern",
)

"""What a loaded catalog is told in: its departments with their goods, and the words around them.

Lists are texts, parted by commas where a word of them may be two.
"""

# Department → group → what it sells, in the singular. Each good is a category of the third level.
GOODS: dict[str, dict[str, str]] = {
    "Kitchen": {
        "Pans": "Frying Pan, Saucepan, Wok, Casserole, Stockpot, Griddle Pan",
        "Baking": "Cake Tin, Muffin Tray, Rolling Pin, Mixing Bowl, Pastry Brush, Cooling Rack",
        "Cutting": "Chopping Board, Bread Board, Paring Blade, Grater, Peeler, Mandoline",
        "Coffee and Tea": "Coffee Press, Teapot, Kettle, Coffee Grinder, Tea Strainer, Milk Jug",
        "Storage": "Storage Jar, Bread Bin, Lunch Tin, Spice Rack, Butter Dish, Oil Bottle",
        "Tools": "Whisk, Spatula, Ladle, Colander, Kitchen Scale, Measuring Jug",
    },
    "Tableware": {
        "Plates": "Dinner Plate, Side Plate, Soup Plate, Cake Plate, Serving Platter, Saucer",
        "Cups": "Mug, Espresso Cup, Tea Bowl, Beaker, Tumbler, Travel Cup",
        "Bowls": "Cereal Bowl, Salad Bowl, Pasta Bowl, Noodle Bowl, Snack Bowl, Fruit Bowl",
        "Glasses": "Wine Glass, Water Glass, Highball Glass, Carafe, Champagne Flute, Cordial Glass",
        "Cutlery": "Table Fork, Table Spoon, Tea Spoon, Steak Fork, Cake Fork, Serving Spoon",
        "Table Linen": "Tablecloth, Napkin, Table Runner, Place Mat, Coaster, Tea Towel",
    },
    "Living": {
        "Lighting": "Table Lamp, Floor Lamp, Pendant Lamp, Wall Lamp, Lampshade, Lantern",
        "Textiles": "Cushion, Throw, Rug, Curtain, Blanket, Pouffe",
        "Furniture": "Side Table, Armchair, Stool, Bookcase, Sideboard, Bench",
        "Decoration": "Vase, Picture Frame, Candle Holder, Mirror, Wall Clock, Sculpture",
        "Candles": "Scented Candle, Pillar Candle, Taper Candle, Tea Light, Oil Burner, Incense Holder",
        "Baskets": "Log Basket, Laundry Basket, Storage Basket, Magazine Rack, Waste Basket, Hamper",
    },
    "Bed and Bath": {
        "Towels": "Hand Towel, Bath Towel, Guest Towel, Beach Towel, Face Cloth, Bath Mat",
        "Bed Linen": "Duvet Cover, Pillowcase, Fitted Sheet, Bedspread, Valance, Bolster",
        "Nightwear": "Bathrobe, Pyjama Top, Nightshirt, Slipper, Sleep Mask, Bed Sock",
        "Soaps": "Hand Soap, Bar Soap, Shower Gel, Bath Oil, Bath Salt, Shampoo Bar",
        "Bathroom": "Soap Dish, Toothbrush Mug, Toilet Brush, Towel Rail, Shower Caddy, Bathroom Shelf",
        "Care": "Hand Cream, Lip Balm, Body Lotion, Face Oil, Nail Brush, Hairbrush",
    },
    "Clothing": {
        "Tops": "T-Shirt, Shirt, Blouse, Polo Shirt, Vest, Tunic",
        "Knitwear": "Jumper, Cardigan, Roll Neck, Slipover, Poncho, Hoodie",
        "Trousers": "Chino, Jogger, Legging, Corduroy Trouser, Linen Trouser, Dungaree",
        "Outerwear": "Raincoat, Parka, Quilted Jacket, Denim Jacket, Fleece, Gilet",
        "Dresses": "Summer Dress, Shirt Dress, Wrap Dress, Pinafore, Midi Skirt, Jumpsuit",
        "Accessories": "Scarf Ring, Beanie, Glove, Belt, Sun Hat, Cap",
    },
    "Bags and Travel": {
        "Bags": "Tote Bag, Shoulder Bag, Rucksack, Messenger Bag, Belt Bag, Shopper",
        "Luggage": "Suitcase, Weekender, Garment Bag, Packing Cube, Luggage Tag, Travel Pillow",
        "Small Leather": "Wallet, Card Holder, Key Ring, Coin Purse, Passport Cover, Phone Case",
        "Umbrellas": "Umbrella, Pocket Umbrella, Parasol, Rain Cape, Rain Hat, Umbrella Stand",
        "Bottles": "Drinking Bottle, Vacuum Flask, Hip Flask, Bottle Carrier, Cool Bag, Ice Pack",
        "Wash Bags": "Wash Bag, Make-up Bag, Laundry Bag, Shoe Bag, Pouch, Jewellery Roll",
    },
    "Garden": {
        "Planting": "Plant Pot, Hanging Basket, Window Box, Seed Tray, Plant Stand, Raised Bed",
        "Garden Tools": "Trowel, Hand Fork, Secateur, Rake, Spade, Hoe",
        "Watering": "Watering Can, Garden Hose, Sprinkler, Spray Bottle, Rain Gauge, Hose Reel",
        "Outdoor Living": "Garden Chair, Garden Table, Hammock, Fire Bowl, Deck Chair, Garden Cushion",
        "Birds": "Bird Table, Nesting Box, Bird Bath, Seed Feeder, Fat Ball Holder, Insect House",
        "Seeds": "Flower Seed Mix, Herb Seed Set, Tomato Seed Pack, Lawn Seed, Bulb Mix, Sprouting Jar",
    },
    "Food and Drink": {
        "Pantry": "Olive Oil, Vinegar, Sea Salt, Mustard, Chutney, Honey",
        "Sweets": "Chocolate Bar, Fudge, Nougat, Biscuit Tin, Liquorice, Caramel",
        "Hot Drinks": "Coffee Bean Bag, Black Tea, Green Tea, Herbal Tea, Hot Chocolate, Chai Blend",
        "Preserves": "Strawberry Jam, Marmalade, Lemon Curd, Fruit Butter, Quince Jelly, Nut Spread",
        "Spices": "Curry Blend, Smoked Paprika, Pepper Mix, Vanilla Pod, Cinnamon Stick, Saffron",
        "Soft Drinks": "Ginger Ale, Lemonade, Fruit Syrup, Tonic Water, Apple Juice, Kombucha",
    },
    "Stationery": {
        "Paper": "Notebook, Sketchbook, Letter Paper, Envelope Set, Gift Wrap, Postcard",
        "Writing": "Fountain Pen, Ballpoint Pen, Pencil, Marker, Ink Bottle, Chalk Set",
        "Desk": "Desk Tray, Pen Pot, Desk Mat, Paper Clip Box, Ruler, Stapler",
        "Planning": "Wall Calendar, Diary, Weekly Planner, Address Book, Sticky Note, Desk Calendar",
        "Cards": "Birthday Card, Thank You Card, Greeting Card, Gift Tag, Invitation, Place Card",
        "Craft": "Paint Box, Brush Set, Embroidery Kit, Yarn Ball, Washi Tape, Stamp Set",
    },
    "Toys": {
        "Wooden Toys": "Building Block, Toy Train, Pull Toy, Shape Sorter, Rattle, Spinning Top",
        "Soft Toys": "Teddy Bear, Toy Rabbit, Rag Doll, Hand Puppet, Comforter, Toy Fox",
        "Games": "Board Game, Card Game, Domino Set, Chess Set, Memory Game, Dice Set",
        "Puzzles": "Jigsaw, Wooden Puzzle, Floor Puzzle, Brain Teaser, Puzzle Cube, Tangram",
        "Outdoor Play": "Kite, Skipping Rope, Bubble Set, Sand Bucket, Balance Board, Scooter",
        "Play Kitchen": "Toy Tea Set, Toy Till, Toy Oven, Play Food Box, Toy Mixer, Toy Toaster",
    },
}

ADJECTIVES = (
    "Small, Classic, Large, Simple, Everyday, Soft, Round, Striped, Handmade, Natural, Light, Deep, Tall, Double, "
    "Folding, Ribbed, Speckled, Woven, Glazed, Matt, Slim, Heavy, Rustic, Nordic, Coastal, Vintage, Modern, Warm, "
    "Quilted, Checked, Spotted, Brushed, Hammered, Fluted, Oval, Square, Tapered, Curved, Stackable, Reversible, "
    "Padded, Washed, Embossed, Engraved, Painted, Pleated, Scalloped, Faceted, Tufted, Braided"
)

MATERIALS = (
    "Cotton, Linen, Oak, Stoneware, Glass, Steel, Wool, Porcelain, Bamboo, Leather, Brass, Walnut, Enamel, Copper, "
    "Cork, Felt, Canvas, Marble, Jute, Beech, Ash, Silk, Hemp, Slate, Clay, Velvet, Rattan, Concrete, Iron, Birch"
)

COLOURS = "Black, White, Navy, Moss, Sand, Clay, Slate, Ochre, Rust, Sky, Plum, Mint, Charcoal, Cream, Olive, Rose"
SIZES = ("XS", "S", "M", "L", "XL", "XXL", "3XL", "4XL", "5XL", "6XL", "7XL")
VOLUMES = tuple(f"{amount} ml" for amount in (100, 150, 200, 250, 330, 350, 500, 700, 750, 1000, 1500))
LENGTHS = tuple(f"{amount} cm" for amount in (20, 25, 30, 35, 40, 50, 60, 80, 100, 120, 140))
# What products vary by: the option's name and the values from which each takes some.
OPTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Size", SIZES),
    ("Colour", tuple(COLOURS.split(", ")[:11])),
    ("Volume", VOLUMES),
    ("Length", LENGTHS),
)
SECOND_OPTION = ("Finish", ("Matt", "Gloss", "Satin", "Raw", "Oiled"))

TAGS = (
    "new, sale, gift, organic, vegan, handmade, limited, bestseller, recycled, local, fair, outdoor, summer, winter, "
    "spring, autumn, kids, office, travel, wedding"
)
TAG_AUDIENCES = (
    "everyone, cooks, bakers, gardeners, readers, students, hosts, campers, cyclists, painters, walkers, swimmers, "
    "families, couples"
)

# The commonest first: by Zipf's law the tenth is used a tenth as often as the first.
COMMON_WORDS = (
    "the and of with in a for to from it is by each that on made as its or keeps every your this at hand can be "
    "which will even after years so use holds easy clean small light well than one table home day water not little "
    "two soft them without both where long when room made gives good stays dry warm looks feels need place into time "
    "care edge colour shape kitchen surface inside base lid handle fits washed hot cold wood finish weight simple "
    "strong natural old new hands daily never before piece size fine under set between morning light workshop family "
    "kept comes cut fired glaze woven thread grain oil polished turned pressed poured cooled dried checked packed "
    "signed numbered wrapped sold again together carefully quietly evenly slowly gently firmly twice always often"
)
SYLLABLES = (
    "ba ber bo cal cor da del do el en fa fen gar gil ha hol il ka kel la lin lo "
    "mar mel mo na nor o pel ra rin sa sel ta tor u va ven wel"
)
BRAND_ENDINGS = ("", " & Co", " Works", " Studio", "haus", " Brothers", " Home", " Made", "berg", " Goods")

"""The raw tables of the first eight sources: stream to its columns. BBR columns carry the register's own names."""

RAW_TABLES = {
    "raw_bbr": {
        "bygning": "id_lokalid kommunekode status byg007bygningsnummer byg021bygningensanvendelse "
        "byg026opfoerelsesaar byg038samletbygningsareal byg039bygningenssamledeboligareal "
        "byg040bygningenssamledeerhvervsareal byg041bebyggetareal byg054antaletager byg056varmeinstallation "
        "byg404koordinat grund husnummer jordstykke ejerlejlighed registreringfra registreringtil "
        "virkningfra virkningtil",
        "etage": "id_lokalid kommunekode status bygning eta006bygningensetagebetegnelse eta020samletarealafetage "
        "eta021arealafudnyttetdelaftagetage eta022kaelderareal eta025etagetype",
        "grund": "id_lokalid kommunekode status bestemtfastejendom",
        "ejendomsrelation": "id_lokalid kommunekode status bfenummer ejendommensejerforholdskode ejendomsnummer "
        "ejendomstype",
        "bygningejendomsrelation": "id_lokalid kommunekode status bygning bygningpaafremmedgrund",
    },
    "raw_fm_dalux": {
        "estates": "estate_id name property_no bfe_no use tenure last_change_date",
        "buildings": "building_id estate_id name alternative_name road number zip_code city owned gross_area "
        "net_area bda_area heated_area cleaning_area use tenure bbr_id last_change_date",
    },
    "raw_fm_files": {
        "properties": "municipality_no property_no bfe_no name use tenure address",
        "buildings": "municipality_no property_no building_no bbr_id name use tenure gross_area heated_area cleaning_area "
        "built_year",
    },
    "raw_ledger_opus": {
        "postings": "document_no line_no account cost_centre psp_element profit_centre order_no debit_credit amount "
        "posting_date document_date registration_date fiscal_year period document_type",
        "psp_elements": "psp_element name function dranst ownership grouping property_no",
        "vouchers": "account cost_centre psp_element profit_centre order_no debit_credit amount",
        "posting_files": "document_no line_no account cost_centre psp_element debit_credit amount value_date "
        "posting_date document_date",
    },
    "raw_ledger_prisme": {
        "postings": "fiscal_year period voucher line_no posting_date account function dranst ownership grouping art "
        "department carrier purpose amount posting_type",
        "cost_centres": "carrier name property_no",
    },
    "raw_statbank": {"folk1a": "omraade koen alder civilstand tid indhold"},
    "raw_enrolment": {
        "pupils": "institution_no institution_name count_date pupils",
        "children": "institution_no institution_name count_date children",
    },
    "raw_energy": {
        "meters": "meter_no carrier unit property_no building_no",
        "readings": "meter_no period quantity unit",
    },
}
# Large tables are partitioned by municipality; a partition is made when a municipality first delivers.
PARTITIONED = {
    "raw_bbr": {"bygning", "etage", "grund"},
    "raw_ledger_opus": {"postings"},
    "raw_ledger_prisme": {"postings"},
    "raw_energy": {"readings"},
}
